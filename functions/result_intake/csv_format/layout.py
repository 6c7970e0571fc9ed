"""The column layouts of CSV that are read: one JSON file each in `layouts/`, and no code."""

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import Field, field_validator, model_validator

from result_intake.csv_format.time_pattern import check_pattern
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.results.codes import Sex, Status

PRODUCTION, TRIAL = "production", "trial"
JOINED = frozenset({"given_names"})
TEXTS = (
    "accession", "sub_id", "loinc", "family_name", "ins", "email", "phone", "language", "device",
    "cycle_threshold", "lineage", "prescriber", "commune", "postcode", "testing_centre",
    "order_token",
)  # fmt: skip
CLOSED = {
    "status": frozenset(Status),
    "sex": frozenset(Sex),
    "test_mode": frozenset({PRODUCTION, TRIAL}),
}
FIELDS = frozenset(
    {
        *TEXTS,
        *CLOSED,
        "outcomes",
        "variant",
        "other_names",
        "given_names",
        "birth_date",
        "sampled_at",
    }
) | {"reported_at"}


class Column(Frozen):
    """One column.

    Attributes:
        name: as in the header.
        field: of the draft that its cells fill; empty if none.
        meaning: for the documentation.
        sample: a value, invented.
        required: whether the header must have it, or another column of the same field. Whether
            a cell may be empty is for the rules.
    """

    name: str
    field: str = ""
    meaning: str = ""
    sample: str = ""
    required: bool = False

    @field_validator("field")
    @classmethod
    def _known(cls, field: str) -> str:
        if field and field not in FIELDS:
            raise ValueError("a column fills a field of the draft, or none")
        return field


class Layout(Frozen):
    """How one system writes its tests as CSV.

    Attributes:
        name: of the layout.
        notice: where it comes from, and what it takes for granted.
        recognised_by: columns that a header of this layout has, all of them.
        separators: those that it may be written with, the usual one first.
        exact: whether names and words must be written exactly as here; else small and capital
            letters are alike, and here all are small.
        columns: what is read. Of several columns of one field the first that is filled counts;
            given names are joined.
        unread: other columns that it may have.
        values: what a word or letter stands for, by field: a `Status`, a `Sex`, `production` or
            `trial`; of `outcomes`, SNOMED CT codes; of `device`, ids of the EU common list. Of
            the fields of a closed list no other word is known; of the others, any is kept as
            it is.
        defaults: what an empty or absent cell stands for, by field, as a value of `values`.
        times: how times are written, as `result_intake.csv_format.time_pattern` has it.
        dates: the same, of birth dates.
        time_zone: IANA name of the zone of times without one, where the layout defines it.
        zones: offset of each name of a zone that times may end with, `±hh:mm`.
    """

    name: str
    notice: str
    recognised_by: tuple[str, ...]
    separators: tuple[str, ...]
    exact: bool = True
    columns: tuple[Column, ...]
    unread: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    defaults: dict[str, str] = Field(default_factory=dict)
    times: tuple[str, ...]
    dates: tuple[str, ...]
    time_zone: str | None = None
    zones: dict[str, str] = Field(default_factory=dict)

    @field_validator("times", "dates")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            check_pattern(pattern)
        return patterns

    @model_validator(mode="after")
    def _of_closed_lists(self) -> "Layout":
        for field, known in CLOSED.items():
            given = {*self.values.get(field, {}).values(), self.defaults.get(field, "")} - {""}
            if not given <= known:
                raise ValueError(f"{field}: a value is not of its list")
        return self

    def named(self, name: str) -> str:
        """A column's name, or a word, in the form in which the layout has it."""
        return name if self.exact else name.casefold()


def layouts_of(folder: Traversable) -> tuple[Layout, ...]:
    """The layouts of a folder; those recognised by the most columns first.

    Raises:
        Rejected: `layout-malformed`, a file is not that of a layout; the place is its name.
    """
    named = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=_name)
    found = [_read(each) for each in named]
    return tuple(sorted(found, key=lambda layout: -len(layout.recognised_by)))


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that is read."""
    return layouts_of(files(__package__) / "layouts")


@cache
def own_layout() -> Layout:
    """Vigie's own, version 1."""
    return next(layout for layout in layouts() if layout.name == "vigie-1")


def _name(file: Traversable) -> str:
    return file.name


def _read(file: Traversable) -> Layout:
    try:
        return Layout.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise Rejected("layout-malformed", str(error), place=file.name) from None
