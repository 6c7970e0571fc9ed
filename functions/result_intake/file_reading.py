"""All items of a file that can be read at any place: what the inbox does, without AWS."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from result_intake.archive import FORMAT, Archive
from result_intake.decompression import decompressed
from result_intake.reading import read_items
from result_intake.recognition import HEAD, recognise
from result_intake.zip_archive import SpanReader, is_zip
from vigie.errors import Rejected
from vigie.inbox import ByteSpan
from vigie.results.reading import Item

MAX_FILE_BYTES = 1024 * 1024 * 1024


class FileItems(NamedTuple):
    """What a file holds.

    Attributes:
        format: that was recognised, or `zip`.
        items: read as they are asked for.
    """

    format: str
    items: Iterator[Item]


def items_of(read: SpanReader, size: int, *, now: datetime) -> FileItems:
    """Read a file, holding no more than one record and one chunk of it.

    What is compressed is unpacked twice: once to its end, so that nothing is taken from what is
    damaged, then to be read.

    Args:
        read: gives its bytes.
        size: of it, in bytes.
        now: the present, aware.

    Raises:
        Rejected: the file as a whole is refused; `file-too-large` may be raised by the items.
    """
    if size > MAX_FILE_BYTES:
        raise Rejected("file-too-large", "a file has at most 1 GiB")
    whole = ByteSpan(0, size)
    head = b"".join(read(ByteSpan(0, min(size, HEAD))))
    if is_zip(head):
        return FileItems(FORMAT, Archive(read, size).items(now=now))
    dialect = recognise(head)
    if not dialect.compressed:
        return FileItems(dialect.source_format, read_items(read(whole), dialect, now=now))
    for _ in decompressed(read(whole)):
        pass
    content = decompressed(read(whole))
    return FileItems(dialect.source_format, read_items(content, dialect, now=now))
