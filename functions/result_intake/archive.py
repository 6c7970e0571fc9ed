"""A zip archive as the files in it: each in its own format, its items named by its place.

An item is `2/17.1` at `entry 2, message 17, OBX 1`: the second entry of the archive's directory.
An entry that cannot be read is one rejected item; an archive that is damaged anywhere is refused
as a whole.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Final

from result_intake.cutting import cut
from result_intake.reading import read_items
from result_intake.recognition import HEAD, Dialect, recognise
from result_intake.rules import rejected_item
from result_intake.zip_archive import SpanReader, ZipEntry, content_of, entries_of, is_zip
from vigie.errors import Rejected
from vigie.inbox import FilePart
from vigie.results.reading import Item

FORMAT: Final = "zip"
_NESTED = frozenset({"archive-nested", "gzip-malformed"})


class Archive:
    """Reads an archive.

    Args:
        read: gives its bytes.
        size: of it, in bytes.

    Raises:
        Rejected: as `zip_archive.entries_of`; `file-empty` where nothing is in it.
    """

    def __init__(self, read: SpanReader, size: int) -> None:
        self._read = read
        self._entries = entries_of(read, size)
        if not self._entries:
            raise Rejected("file-empty", "the archive has no content")

    @property
    def size(self) -> int:
        """Bytes of all that is in it."""
        return sum(entry.size for entry in self._entries)

    def dialects(self) -> dict[int, Dialect | str]:
        """How each entry is written, by its ordinal; the rule that refuses one that is not read.

        Raises:
            Rejected: the archive is damaged.
        """
        return {
            entry.ordinal: _dialect(_beginning(content_of(entry, self._read)))
            for entry in self._entries
        }

    def content(self) -> Iterator[bytes]:
        """All that is in it, one entry after the other.

        Raises:
            Rejected: the archive is damaged; at the end at the latest.
        """
        return chain.from_iterable(content_of(entry, self._read) for entry in self._entries)

    def items(self, *, now: datetime) -> Iterator[Item]:
        """The items of its entries, read as they are asked for.

        It is unpacked twice: once to its end, so that nothing is taken from a damaged one.

        Raises:
            Rejected: the archive is damaged.
        """
        for _ in self.content():
            pass
        return chain.from_iterable(self._items(entry, now) for entry in self._entries)

    def _items(self, entry: ZipEntry, now: datetime) -> Iterable[Item]:
        content = content_of(entry, self._read)
        held = list(_beginning(content))
        dialect = _dialect(held)
        if isinstance(dialect, str):
            return [refused_entry(dialect, entry.ordinal)]
        return in_entry(read_items(chain(held, content), dialect, now=now), entry.ordinal)

    def parts(
        self, content: Iterable[bytes], dialects: dict[int, Dialect | str], *, size: int
    ) -> Iterator[FilePart]:
        """Cut what is in it into parts, each of one entry.

        Args:
            content: as `content` gives it.
            dialects: as `dialects` gives them.
            size: bytes from which a part ends with the record it is in.

        Raises:
            Rejected: the archive is damaged, or a file in it has too many lines.
        """
        cursor = _Cursor(content)
        start = 0
        for entry in self._entries:
            dialect, own = dialects[entry.ordinal], cursor.take(entry.size)
            if isinstance(dialect, Dialect) and dialect.cuttable:
                for part in cut(own, dialect, size=size):
                    yield _shifted(part, start, entry.ordinal)
            else:
                yield FilePart(start, start + entry.size, 1, 1, entry.ordinal)
            for _ in own:
                pass
            start += entry.size
        for _ in cursor.rest():
            pass


def in_entry(items: Iterable[Item], entry: int) -> Iterator[Item]:
    """Items of an entry, named as items of the archive.

    They lose their envelope: an archive is answered as such, and not message by message.
    """
    for item in items:
        ordinal, place = f"{entry}/{item.ordinal}", f"{_place(entry)}, {item.place}"
        yield item.model_copy(update={"ordinal": ordinal, "place": place, "envelope": None})


def refused_entry(rule: str, entry: int) -> Item:
    """The item that stands for an entry that cannot be read."""
    return rejected_item(rule, ordinal=f"{entry}/0", place=_place(entry))


class _Cursor:
    """Hands out chunks by the number of bytes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""

    def take(self, size: int) -> Iterator[bytes]:
        """The next so many bytes; to be read to their end before the next are."""
        while size:
            chunk = self._held or next(self._chunks)
            self._held = chunk[size:]
            size -= len(chunk) - len(self._held)
            yield chunk[: len(chunk) - len(self._held)]

    def rest(self) -> Iterator[bytes]:
        """What is left."""
        return self._chunks


def _dialect(beginning: Iterable[bytes]) -> Dialect | str:
    head = b"".join(beginning)[:HEAD]
    if is_zip(head):
        return "entry-archive"
    try:
        dialect = recognise(head)
    except Rejected as refused:
        return "entry-archive" if refused.code in _NESTED else "entry-format-unknown"
    return "entry-archive" if dialect.compressed else dialect


def _beginning(content: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces that hold the first `HEAD` bytes; the others are left."""
    held = 0
    while held < HEAD and (piece := next(content, None)) is not None:
        held += len(piece)
        yield piece


def _shifted(part: FilePart, by: int, entry: int) -> FilePart:
    return part._replace(first=part.first + by, end=part.end + by, entry=entry)


def _place(entry: int) -> str:
    return f"entry {entry}"
