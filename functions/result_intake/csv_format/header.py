"""The header line of Vigie's CSV: its dialect, and where each column stands."""

from typing import NamedTuple

from result_intake.csv_format.columns import (
    BY_NAME,
    COLUMNS,
    VERSION_COLUMN,
    VERSION_PREFIX,
)
from result_intake.csv_format.line import cells_of
from result_intake.rules import breach
from vigie.errors import Rejected
from vigie.results.reading import Breach, Level

BOM = b"\xef\xbb\xbf"
HEADER_PLACE = "line 1"


class Layout(NamedTuple):
    """What a header says of the lines after it.

    Attributes:
        separator: `;` or `,`.
        width: how many fields a line has.
        fields: position of each field of the draft.
        suffixes: what a place says after the line, by field of the draft.
        breaches: of the header; with an error among them no line is read.
    """

    separator: str
    width: int
    fields: dict[str, int]
    suffixes: tuple[tuple[str, str], ...]
    breaches: tuple[Breach, ...]

    @property
    def refused(self) -> bool:
        """Whether the file cannot be read."""
        return any(each.level is Level.ERROR for each in self.breaches)


def read_header(line: bytes) -> Layout:
    """Read the first line of a file, with or without its line end and byte order mark."""
    separator = separator_of(line)
    try:
        names = cells_of(line.removeprefix(BOM), separator)
    except Rejected as error:
        return Layout(separator, 0, {}, (), (breach(error.code, HEADER_PLACE),))
    at = {name: position for position, name in enumerate(names)}
    return Layout(
        separator=separator,
        width=len(names),
        fields={
            column.field: at[column.name]
            for column in COLUMNS
            if column.field and column.name in at
        },
        suffixes=tuple(
            (column.field, f", column {column.name}") for column in COLUMNS if column.field
        ),
        breaches=tuple(_breaches(names)),
    )


def separator_of(line: bytes) -> str:
    """The separator: `;` if the line has one as often as `,` or more often."""
    return ";" if line.count(b";") >= line.count(b",") else ","


def _breaches(names: list[str]) -> list[Breach]:
    present = set(names)
    found = [
        breach("version-unsupported", _place(name))
        for name in sorted(present)
        if name.startswith(VERSION_PREFIX)
        and name != VERSION_COLUMN
        and name.removeprefix(VERSION_PREFIX).isdigit()
    ]
    # Of a file of another version, the names of this one say nothing.
    if found and VERSION_COLUMN not in present:
        return found
    found += [
        breach("column-missing", _place(column.name))
        for column in COLUMNS
        if column.required and column.name not in present
    ]
    found += [breach("column-repeated", _place(name)) for name in BY_NAME if names.count(name) > 1]
    # A file that is refused is told what it lacks, not all else that it has. The name may be
    # anything, a person's included: only the position is told.
    return found or [
        breach("column-unknown", f"{HEADER_PLACE}, field {position}")
        for position, name in enumerate(names, start=1)
        if name and name not in BY_NAME
    ]


def _place(column: str) -> str:
    return f"{HEADER_PLACE}, column {column}"
