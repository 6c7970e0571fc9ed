"""Gzip files as a bounded stream."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from result_intake.recognition import GZIP_WINDOW
from vigie.errors import Rejected

MAX_DECOMPRESSED: Final = 512 * 1024 * 1024
MAX_RATIO: Final = 300
# Below this the ratio says nothing: a small file of one repeated message is harmless.
_RATIO_FROM: Final = 16 * 1024 * 1024
_PIECE: Final = 256 * 1024


def decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip file of one or more members, in pieces of at most 256 KiB.

    Raises:
        Rejected: `gzip-malformed` where it ends early or is damaged; `file-too-large` beyond
            512 MiB, or 300 times what is compressed.
    """
    inflater = zlib.decompressobj(GZIP_WINDOW)
    read = written = 0
    for chunk in chunks:
        read += len(chunk)
        waiting = chunk
        while waiting:
            if inflater.eof:
                # Zeros after the last member are padding (gzip(1), "ADVANCED USAGE").
                waiting = waiting.lstrip(b"\0")
                if not waiting:
                    break
                inflater = zlib.decompressobj(GZIP_WINDOW)
            piece = _inflate(inflater, waiting)
            written += len(piece)
            if written > max(_RATIO_FROM, MAX_RATIO * read) or written > MAX_DECOMPRESSED:
                raise Rejected("file-too-large", "the file is too large when decompressed")
            if piece:
                yield piece
            waiting = inflater.unconsumed_tail or inflater.unused_data
    if not inflater.eof:
        raise Rejected("gzip-malformed", "the compressed file ends early")


def _inflate(inflater: "zlib._Decompress", waiting: bytes) -> bytes:
    try:
        return inflater.decompress(waiting, _PIECE)
    except zlib.error:
        raise Rejected("gzip-malformed", "the file cannot be decompressed") from None
