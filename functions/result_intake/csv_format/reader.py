"""Vigie's CSV into items: a bad line is one rejected item."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from result_intake.csv_format.columns import BY_NAME, VERSION_PREFIX
from result_intake.csv_format.header import BOM, HEADER_PLACE, Layout, read_header
from result_intake.csv_format.line import cells_of
from result_intake.csv_format.row import read_row
from result_intake.rules import conclude_item, rejected_item
from vigie.errors import Rejected
from vigie.results.reading import Item


def looks_like(head: bytes) -> bool:
    """Whether the first bytes of a file are the header of a CSV: this one, or any other.

    Another laboratory system's CSV is told apart from what is no table at all, so that its sender
    is told which columns are missing.
    """
    line = head.removeprefix(BOM).split(b"\n", 1)[0].strip()
    names = [name.strip(b'" ') for name in line.replace(b",", b";").split(b";")]
    if any(name.startswith(VERSION_PREFIX.encode()) for name in names):
        return True
    if any(name.decode(errors="replace") in BY_NAME for name in names):
        return True
    return len(names) > 1 and all(name[:1].isalpha() or not name for name in names)


def read_file(lines: Iterable[bytes], *, now: datetime) -> Iterator[Item]:
    """Read a whole file.

    Args:
        lines: the lines of the file, the header first.
        now: the present, aware.
    """
    waiting = iter(lines)
    layout = read_header(next(waiting, b""))
    yield from read_rows(waiting, layout, first=1, now=now)


def read_rows(
    lines: Iterable[bytes], layout: Layout, *, first: int, now: datetime
) -> Iterator[Item]:
    """Read lines after the header: all of a file's, or those of a byte range.

    What is wrong with the header is told once, by whoever reads record 1: as a rejected item 0 in
    place of every record if the file cannot be read, else as warnings of the first item.

    Args:
        lines: without line breaks inside a field.
        layout: of the header.
        first: number of the first record.
        now: the present, aware.
    """
    if layout.refused:
        if first == 1:
            yield Item(ordinal="0", place=HEADER_PLACE, result=None, breaches=layout.breaches)
        return
    told = layout.breaches if first == 1 else ()
    for number, line in enumerate(lines, start=first):
        if not line.strip():
            continue
        item = _read_line(line, layout, number, now)
        if told:
            item = item.model_copy(update={"breaches": told + item.breaches})
            told = ()
        yield item


def _read_line(line: bytes, layout: Layout, number: int, now: datetime) -> Item:
    ordinal, place = str(number), f"line {number + 1}"
    try:
        cells = cells_of(line, layout.separator)
    except Rejected as error:
        return rejected_item(error.code, ordinal=ordinal, place=place)
    if len(cells) != layout.width:
        return rejected_item("record-malformed", ordinal=ordinal, place=place)
    return conclude_item(read_row(cells, layout, ordinal=ordinal, place=place), now=now)
