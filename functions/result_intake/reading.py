"""The items of a file, or of a byte range of one, whatever its format."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from result_intake import csv_format, fhir, hl7
from result_intake.csv_format.line import MAX_LINE
from result_intake.fhir.document import MAX_DOCUMENT
from result_intake.lines import lines
from result_intake.recognition import Dialect
from vigie.results.codes import SourceFormat
from vigie.results.reading import Item


def read_items(
    chunks: Iterable[bytes],
    dialect: Dialect,
    *,
    now: datetime,
    first_record: int = 1,
    first_line: int = 1,
) -> Iterator[Item]:
    """Read items as the bytes come in, holding no more than one record.

    Whatever is wrong inside the file becomes an item.

    Args:
        chunks: the bytes of the file, unpacked, or of a part that `result_intake.cutting` made.
        dialect: of the file.
        now: the present, aware.
        first_record: number of the first record of the part.
        first_line: number of its first line.
    """
    if dialect.source_format is SourceFormat.HL7V2:
        return hl7.read_messages(chunks, now=now, first_record=first_record, first_line=first_line)
    if dialect.source_format is SourceFormat.CSV:
        return _csv(chunks, dialect, now, first_record, first_line)
    if dialect.ndjson:
        documents = (line.content for line in lines(chunks, limit=MAX_DOCUMENT + 1))
        return fhir.read_ndjson(documents, now=now, first=first_record)
    return fhir.read_bundle(_whole(chunks, MAX_DOCUMENT + 1), now=now)


def _csv(
    chunks: Iterable[bytes], dialect: Dialect, now: datetime, first_record: int, first_line: int
) -> Iterator[Item]:
    header = 1 if first_line == 1 else 0
    rows = (line.content for line in islice(lines(chunks, limit=MAX_LINE + 1), header, None))
    head = csv_format.read_header(dialect.header.encode("latin-1"))
    return csv_format.read_rows(rows, head, first=first_record, now=now)


def _whole(chunks: Iterable[bytes], limit: int) -> bytes:
    """All bytes, or as many as show that there are too many."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= limit:
            break
    return bytes(held[:limit])
