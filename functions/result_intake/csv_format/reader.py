"""CSV into items: a bad line is one rejected item."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from result_intake.csv_format.header import BOM, HEADER_PLACE, Header, is_header, read_header
from result_intake.csv_format.line import cells_of, text_of
from result_intake.csv_format.row import RowReader
from result_intake.csv_format.sound_row import SoundRows
from result_intake.rules import breach, conclude_item, rejected_item
from vigie.errors import Rejected
from vigie.results.reading import Item


def looks_like(head: bytes) -> bool:
    """Whether the first bytes of a file are the header of a CSV: of a layout, or any other.

    Another laboratory system's CSV is told apart from what is no table at all, so that its sender
    is told which columns are missing.
    """
    return is_header(head.removeprefix(BOM).split(b"\n", 1)[0].strip())


def read_file(lines: Iterable[bytes], *, now: datetime) -> Iterator[Item]:
    """Read a whole file.

    Args:
        lines: the lines of the file, the header first.
        now: the present, aware.
    """
    waiting = iter(lines)
    header = read_header(next(waiting, b""))
    yield from read_rows(waiting, header, first=1, now=now)


def read_rows(
    lines: Iterable[bytes], header: Header, *, first: int, now: datetime
) -> Iterator[Item]:
    """Read lines after the header: all of a file's, or those of a byte range.

    What is wrong with the header is told once, by whoever reads record 1: as a rejected item 0 in
    place of every record if the file cannot be read, else as warnings of the first item.

    Args:
        lines: without line breaks inside a field.
        header: of the file.
        first: number of the first record.
        now: the present, aware.
    """
    if header.refused:
        if first == 1:
            yield Item(ordinal="0", place=HEADER_PLACE, result=None, breaches=header.breaches)
        return
    told = header.breaches if first == 1 else ()
    reader = _Reader(header, now)
    for number, line in enumerate(lines, start=first):
        if not line.strip():
            continue
        item = reader.read(line, number)
        if told:
            item = item.model_copy(update={"breaches": told + item.breaches})
            told = ()
        yield item


class _Reader:
    def __init__(self, header: Header, now: datetime) -> None:
        self._declared, self._separator = header.declared, header.separator
        self._width = header.width
        self._now = now
        self._rows = RowReader(header)
        self._sound = SoundRows(header, self._rows, now)

    def read(self, line: bytes, number: int) -> Item:
        ordinal, place = str(number), f"line {number + 1}"
        try:
            text, assumed = text_of(line, declared=self._declared)
            cells = cells_of(text, self._separator)
        except Rejected as error:
            return rejected_item(error.code, ordinal=ordinal, place=place)
        if len(cells) != self._width:
            code = "fields-too-few" if len(cells) < self._width else "fields-too-many"
            return rejected_item(code, ordinal=ordinal, place=place)
        item = self._sound.conclude(cells, ordinal=ordinal, place=place)
        if item is None:
            draft = self._rows.read(cells, ordinal=ordinal, place=place)
            item = conclude_item(draft, now=self._now)
        if assumed:
            told = (breach("encoding-windows", place), *item.breaches)
            item = item.model_copy(update={"breaches": told})
        return item
