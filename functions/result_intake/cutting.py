"""Cutting a large file into byte ranges that can be read on their own."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from result_intake.hl7 import messages
from result_intake.lines import lines
from result_intake.recognition import Dialect
from vigie.inbox import FilePart
from vigie.results.codes import SourceFormat

RANGE: Final = 5 * 1024 * 1024


class _Record(NamedTuple):
    start: int
    number: int
    line: int


def cut(chunks: Iterable[bytes], dialect: Dialect, *, size: int = RANGE) -> Iterator[FilePart]:
    """Cut a file that is `dialect.cuttable` in one pass, holding no more than one record.

    The parts follow each other without a gap, from the first record (after the header line of a
    CSV) to the end of the file. Reading them one by one gives the same items, with the same
    ordinals and places, as reading the file.

    Args:
        chunks: the bytes of the file, unpacked.
        dialect: of the file.
        size: bytes from which a part ends with the record it is in.

    Raises:
        Rejected: `file-too-large`, it has too many lines; also what the chunks raise.
    """
    end = 0

    def counted() -> Iterator[bytes]:
        nonlocal end
        for chunk in chunks:
            end += len(chunk)
            yield chunk

    first: _Record | None = None
    for record in _records(counted(), dialect):
        if first is None:
            first = record
        elif record.start - first.start >= size:
            yield FilePart(first.start, record.start, first.number, first.line)
            first = record
    if first is not None:
        yield FilePart(first.start, end, first.number, first.line)


def _records(chunks: Iterable[bytes], dialect: Dialect) -> Iterator[_Record]:
    if dialect.source_format is SourceFormat.HL7V2:
        for number, framed in enumerate(messages(chunks)):
            # What stands before the first message belongs to its range.
            yield _Record(
                framed.start if number else 0, framed.number, framed.line if number else 1
            )
        return
    header = 1 if dialect.source_format is SourceFormat.CSV else 0
    for line in lines(chunks, limit=1):
        if line.number > header:
            yield _Record(line.start, line.number - header, line.number)
