"""Zip archives, read from their directory (PKWARE APPNOTE 6.3.10), within bounds.

What an archive says of itself is believed only as far as it is checked: extents of entries cannot
overlap, because each ends where the next begins; sizes and checksums are those of the content or
the archive is refused. Names are never looked at: they may hold a person, or a path.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from result_intake.decompression import MAX_DECOMPRESSED, MAX_RATIO, RATIO_FROM
from vigie.errors import Rejected
from vigie.inbox import ByteSpan

MAX_ENTRIES: Final = 1000
_MAX_DIRECTORY: Final = 1024 * 1024
# A file's header, that of an empty archive, and the mark of one in several volumes.
_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# §4.3.16, end of central directory; §4.3.12, central directory; §4.3.7, local file.
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_SIGNATURE, _CENTRAL_SIGNATURE, _LOCAL_SIGNATURE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_LONGEST_COMMENT = 0xFFFF
# §4.4.4: bits 0, 6 and 13 of the flags.
_ENCRYPTED = 0x2041
_STORED, _DEFLATED = 0, 8
# What stands for a number that is told in Zip64, in fields of two bytes and of four.
_ELSEWHERE_2, _ELSEWHERE_4 = 0xFFFF, 0xFFFFFFFF
_RAW_WINDOW = -15
_PIECE: Final = 256 * 1024

# The bytes of a span of the archive, in any pieces.
SpanReader: TypeAlias = Callable[[ByteSpan], Iterator[bytes]]


class ZipEntry(NamedTuple):
    """A file in an archive, by its place and never by its name.

    Attributes:
        ordinal: its place in the directory, from 1; folders count.
        extent: from its header to where the next entry or the directory begins.
        method: 0 stored, 8 deflated.
        crc: CRC-32 of its content.
        packed: bytes of its content in the archive.
        size: bytes of its content.
    """

    ordinal: int
    extent: ByteSpan
    method: int
    crc: int
    packed: int
    size: int


def is_zip(head: bytes) -> bool:
    """Whether a file begins as a zip archive does."""
    return head.startswith(_STARTS)


def entries_of(read: SpanReader, size: int) -> list[ZipEntry]:
    """The entries of an archive that have content, in the order of its directory.

    Args:
        read: gives its bytes.
        size: of it, in bytes.

    Raises:
        Rejected: `zip-malformed`; `zip-encrypted`; `zip-unsupported` where it is in several
            volumes, in Zip64, or packed in another way than deflate; `file-too-large` where it
            exceeds the bounds.
    """
    directory, count = _directory(read, size)
    found = _parsed(b"".join(read(directory)), count)
    offsets = [offset for offset, *_ in found]
    if len(set(offsets)) < len(offsets) or any(each >= directory.first for each in offsets):
        raise _malformed()
    ends = dict(pairwise([*sorted(offsets), directory.first]))
    entries = [
        ZipEntry(ordinal, ByteSpan(offset, ends[offset]), *said)
        for ordinal, (offset, *said) in enumerate(found, start=1)
    ]
    _check(entries)
    return [entry for entry in entries if entry.size]


def content_of(entry: ZipEntry, read: SpanReader) -> Iterator[bytes]:
    """The content of an entry, in pieces of at most 256 KiB or as they are read.

    Raises:
        Rejected: `zip-malformed`, at the end at the latest, where it is not what the directory
            says; `zip-encrypted`.
    """
    written = crc = 0
    for piece in _unpacked(entry, _packed(entry, read(entry.extent))):
        written += len(piece)
        if written > entry.size:
            raise _malformed()
        crc = zlib.crc32(piece, crc)
        yield piece
    if written != entry.size or crc != entry.crc:
        raise _malformed()


def _directory(read: SpanReader, size: int) -> tuple[ByteSpan, int]:
    """Where the central directory is, and how many entries it has."""
    first = max(0, size - _END.size - _LONGEST_COMMENT)
    tail = b"".join(read(ByteSpan(first, size)))
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or len(tail) - at < _END.size:
        raise _malformed()
    _, disk, its_disk, here, count, length, offset, comment = _END.unpack_from(tail, at)
    zip64 = _ELSEWHERE_2 in {here, count} or _ELSEWHERE_4 in {length, offset}
    if zip64 or disk or its_disk or here != count:
        raise Rejected("zip-unsupported", "the archive is in Zip64 or in several volumes")
    if count > MAX_ENTRIES or length > _MAX_DIRECTORY:
        raise Rejected("file-too-large", "the archive has too many entries")
    if at + _END.size + comment != len(tail) or offset + length != first + at:
        raise _malformed()
    return ByteSpan(offset, offset + length), count


def _parsed(directory: bytes, count: int) -> list[tuple[int, int, int, int, int]]:
    """Of each entry the offset of its header, method, CRC, and its size packed and not."""
    found, at = [], 0
    for _ in range(count):
        if len(directory) - at < _CENTRAL.size:
            raise _malformed()
        said = _CENTRAL.unpack_from(directory, at)
        signature, flags, method, crc, packed, size = said[0], said[3], said[4], *said[7:10]
        lengths, offset = said[10:13], said[16]
        if signature != _CENTRAL_SIGNATURE:
            raise _malformed()
        if flags & _ENCRYPTED:
            raise _encrypted()
        if method not in {_STORED, _DEFLATED} or _ELSEWHERE_4 in {packed, size, offset}:
            raise Rejected("zip-unsupported", "an entry is packed in a way that is not read")
        found.append((offset, method, crc, packed, size))
        at += _CENTRAL.size + sum(lengths)
    if at != len(directory):
        raise _malformed()
    return found


def _check(entries: list[ZipEntry]) -> None:
    size = sum(entry.size for entry in entries)
    packed = sum(entry.packed for entry in entries)
    if size > MAX_DECOMPRESSED or size > max(RATIO_FROM, MAX_RATIO * packed):
        raise Rejected("file-too-large", "the archive is too large when unpacked")
    for entry in entries:
        room = entry.extent.end - entry.extent.first - _LOCAL.size
        if entry.packed > room or (entry.method == _STORED and entry.packed != entry.size):
            raise _malformed()


def _packed(entry: ZipEntry, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What follows the local header, as many bytes as the directory says."""
    held = b""
    while len(held) < _LOCAL.size:
        held += _next(chunks)
    signature, _, flags, method, *_, name, extra = _LOCAL.unpack_from(held)
    if flags & _ENCRYPTED:
        raise _encrypted()
    if signature != _LOCAL_SIGNATURE or method != entry.method:
        raise _malformed()
    skip, left = _LOCAL.size + name + extra, entry.packed
    while left:
        content = held[skip : skip + left]
        skip = max(0, skip - len(held))
        left -= len(content)
        if content:
            yield content
        held = _next(chunks) if left else b""


def _next(chunks: Iterator[bytes]) -> bytes:
    chunk = next(chunks, b"")
    if not chunk:
        raise _malformed()
    return chunk


def _unpacked(entry: ZipEntry, packed: Iterator[bytes]) -> Iterator[bytes]:
    if entry.method == _STORED:
        yield from packed
        return
    inflater = zlib.decompressobj(_RAW_WINDOW)
    for chunk in packed:
        waiting = chunk
        while waiting and not inflater.eof:
            yield _inflate(inflater, waiting)
            waiting = inflater.unconsumed_tail
        if waiting or inflater.unused_data:
            raise _malformed()
    while not inflater.eof:
        # What was read may unpack to more than the last piece took.
        piece = _inflate(inflater, b"")
        if not piece:
            raise _malformed()
        yield piece


def _inflate(inflater: "zlib._Decompress", waiting: bytes) -> bytes:
    try:
        return inflater.decompress(waiting, _PIECE)
    except zlib.error:
        raise _malformed() from None


def _malformed() -> Rejected:
    return Rejected("zip-malformed", "the archive is damaged, or not what it says of itself")


def _encrypted() -> Rejected:
    return Rejected("zip-encrypted", "the archive is encrypted")
