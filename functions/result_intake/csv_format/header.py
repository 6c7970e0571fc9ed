"""The header line of a CSV: whose layout it has, its dialect, and where each column stands."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from result_intake.csv_format.columns import VERSION_COLUMN, VERSION_PREFIX
from result_intake.csv_format.layout import Layout, layouts, own_layout
from result_intake.csv_format.line import cells_of, text_of
from result_intake.rules import breach
from vigie.errors import Rejected
from vigie.results.reading import Breach, Level

BOM = codecs.BOM_UTF8
HEADER_PLACE = "line 1"
# Of a header that no layout has, the first of those that stand in it most often.
SEPARATORS = ";,|\t"


class Header(NamedTuple):
    """What a header says of the lines after it.

    Attributes:
        layout: whose columns it has; Vigie's own if it has nobody's.
        separator: one character.
        declared: whether the file says that it is UTF-8, by its byte order mark.
        width: how many fields a line has.
        fields: positions of the columns of each field of the draft, the preferred one first.
        suffixes: what a place says after the line, by field of the draft.
        breaches: of the header; with an error among them no line is read.
    """

    layout: Layout
    separator: str
    declared: bool
    width: int
    fields: dict[str, tuple[int, ...]]
    suffixes: dict[str, str]
    breaches: tuple[Breach, ...]

    @property
    def refused(self) -> bool:
        """Whether the file cannot be read."""
        return any(each.level is Level.ERROR for each in self.breaches)


def read_header(line: bytes) -> Header:
    """Read the first line of a file, with or without its line end and byte order mark."""
    declared = line.startswith(BOM)
    try:
        text, assumed = text_of(line.removeprefix(BOM), declared=declared)
        layout, separator, names = _recognised(text)
    except Rejected as error:
        refused = (breach(error.code, HEADER_PLACE),)
        return Header(own_layout(), SEPARATORS[0], declared, 0, {}, {}, refused)
    at: dict[str, int] = {}
    for position, name in enumerate(names):
        at.setdefault(layout.named(name), position)
    fields: dict[str, tuple[int, ...]] = {}
    for column in layout.columns:
        if column.field and column.name in at:
            fields[column.field] = (*fields.get(column.field, ()), at[column.name])
    breaches = _breaches(layout, [layout.named(name) for name in names])
    if assumed:
        breaches.insert(0, breach("encoding-windows", HEADER_PLACE))
    suffixes = _suffixes(layout, at)
    return Header(layout, separator, declared, len(names), fields, suffixes, tuple(breaches))


def is_header(line: bytes) -> bool:
    """Whether a line has columns of a layout, or looks like the header of another.

    One that is damaged is taken for what it would be without the damage.
    """
    text = line.removeprefix(BOM).decode(errors="replace")
    names = [name.strip('" ') for name in re.split(f"[{re.escape(SEPARATORS)}]", text)]
    if any(name.startswith(VERSION_PREFIX) for name in names):
        return True
    if any(_known_names().intersection((name, name.casefold())) for name in names):
        return True
    return len(names) > 1 and all(name[:1].isalpha() or not name for name in names)


@cache
def _known_names() -> frozenset[str]:
    return frozenset(column.name for layout in layouts() for column in layout.columns)


def _recognised(text: str) -> tuple[Layout, str, list[str]]:
    """The layout of a header, its separator and its names.

    Raises:
        Rejected: it is too large, or malformed.
    """
    for layout in layouts():
        for separator in layout.separators:
            names = _names(text, separator)
            if set(layout.recognised_by).issubset(map(layout.named, names)):
                return layout, separator, names
    separator = max(SEPARATORS, key=text.count)
    return own_layout(), separator, [name.strip() for name in cells_of(text, separator)]


def _names(text: str, separator: str) -> list[str]:
    """The fields of a header; none where it is malformed with this separator."""
    try:
        return [name.strip() for name in cells_of(text, separator)]
    except Rejected:
        return []


def _suffixes(layout: Layout, at: dict[str, int]) -> dict[str, str]:
    """What places say of each field: its first column that is there, else its first one."""
    suffixes: dict[str, str] = {}
    for column in layout.columns:
        if column.field and column.name in at:
            suffixes.setdefault(column.field, f", column {column.name}")
    for column in layout.columns:
        if column.field:
            suffixes.setdefault(column.field, f", column {column.name}")
    return suffixes


def _breaches(layout: Layout, names: list[str]) -> list[Breach]:
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
    found += [breach("column-missing", _place(name)) for name in _missing(layout, present)]
    times = Counter(names)
    found += [
        breach("column-repeated", _place(column.name))
        for column in layout.columns
        if times[column.name] > 1
    ]
    known = {*(column.name for column in layout.columns), *layout.unread}
    # A file that is refused is told what it lacks, not all else that it has. The name may be
    # anything, a person's included: only the position is told.
    return found or [
        breach("column-unknown", f"{HEADER_PLACE}, field {position}")
        for position, name in enumerate(names, start=1)
        if name and name not in known
    ]


def _missing(layout: Layout, present: set[str]) -> Iterable[str]:
    """The first column of each field of which one is required and none is there."""
    served = {column.field for column in layout.columns if column.name in present} - {""}
    for column in layout.columns:
        if column.required and column.name not in present and column.field not in served:
            served |= {column.field} - {""}
            yield column.name


def _place(column: str) -> str:
    return f"{HEADER_PLACE}, column {column}"
