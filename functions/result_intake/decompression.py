"""Gzip files as a bounded stream."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from result_intake.recognition import GZIP_WINDOW
from vigie.errors import Rejected

MAX_DECOMPRESSED: Final = 1024 * 1024 * 1024
MAX_RATIO: Final = 100
MAX_MEMBERS: Final = 100_000
# Below this the ratio says nothing: a small file of one repeated message is harmless.
RATIO_FROM: Final = 16 * 1024 * 1024
_PIECE: Final = 256 * 1024
# So little is handed to zlib at once that the ratio is known before much is inflated.
_SLICE: Final = 64 * 1024


def decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip file of one or more members, in pieces of at most 256 KiB.

    Each member's checksum is verified once its last piece was given.

    Raises:
        Rejected: `gzip-malformed` where it ends early or is damaged; `file-too-large` beyond
            1 GiB, 100 times what is compressed, or 100,000 members.
    """
    inflater = zlib.decompressobj(GZIP_WINDOW)
    read = written = 0
    members = 1
    for piece in _slices(chunks):
        read += len(piece)
        waiting = piece
        while waiting:
            if inflater.eof:
                # Zeros after the last member are padding (gzip(1), "ADVANCED USAGE").
                waiting = waiting.lstrip(b"\0")
                if not waiting:
                    break
                inflater = zlib.decompressobj(GZIP_WINDOW)
                members += 1
            inflated = _inflate(inflater, waiting)
            written += len(inflated)
            _check(read, written, members)
            if inflated:
                yield inflated
            waiting = inflater.unconsumed_tail or inflater.unused_data
    if not inflater.eof:
        raise Rejected("gzip-malformed", "the compressed file ends early")


def _slices(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for at in range(0, len(chunk), _SLICE):
            yield chunk[at : at + _SLICE]


def _check(read: int, written: int, members: int) -> None:
    bomb = written > max(RATIO_FROM, MAX_RATIO * read)
    if bomb or written > MAX_DECOMPRESSED or members > MAX_MEMBERS:
        raise Rejected("file-too-large", "the file is too large when decompressed")


def _inflate(inflater: "zlib._Decompress", waiting: bytes) -> bytes:
    try:
        return inflater.decompress(waiting, _PIECE)
    except zlib.error:
        raise Rejected("gzip-malformed", "the file cannot be decompressed") from None
