"""Cells that stand in many rows of a file alike, judged once for each combination of them."""

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple

from result_intake.checks import AHEAD, EARLIEST
from result_intake.conclusion import result_of
from result_intake.csv_format.header import Header
from result_intake.csv_format.row import RowReader
from result_intake.draft import Draft
from result_intake.moment import Moment
from result_intake.rules import broken
from vigie.geography import commune_code, postcode_of
from vigie.identifiers.rpps import rpps
from vigie.results.codes import Sex
from vigie.results.reading import Level

# The rules of each group look at its own fields only.
GROUPS: Final = (
    ("status", "sex", "test_mode", "loinc", "outcomes", "device", "language", "testing_centre"),
    ("commune", "postcode"),
    ("prescriber",),
)
# Combinations that are remembered at once; they name nobody, and go when the file is read.
_REMEMBERED: Final = 4096
_KEPT: dict[str, Callable[[str], str | None]] = {
    "commune": commune_code,
    "postcode": postcode_of,
    "prescriber": rpps,
}
_SOME_TIME = Moment(EARLIEST + AHEAD, timed=True, zoned=True)


class Verdict(NamedTuple):
    """What the cells of a group come to.

    Attributes:
        values: what they give to the test, by its field.
        codes: the rules that they break, none of level error.
        sex: of the person.
        test_mode: whether they mark a trial.
    """

    values: dict[str, Any]
    codes: tuple[str, ...]
    sex: Sex
    test_mode: bool


class SharedCells:
    """Judges the cells of one group.

    Args:
        header: of the file.
        rows: makes drafts of its lines.
        fields: of the group.
        now: the present, aware.
    """

    def __init__(
        self, header: Header, rows: RowReader, fields: tuple[str, ...], now: datetime
    ) -> None:
        self._rows = rows
        self._fields = fields
        self._now = now
        self._width = header.width
        self._positions = [at for field in fields for at in header.fields.get(field, ())]
        self._key: Callable[[list[str]], object] = itemgetter(*self._positions or (0,))
        self._verdicts: dict[object, Verdict | None] = {}

    @property
    def present(self) -> bool:
        """Whether the file has a column of the group."""
        return bool(self._positions)

    def verdict(self, cells: list[str]) -> Verdict | None:
        """What a row's cells of the group come to; None if they break a rule of level error."""
        key = self._key(cells)
        try:
            return self._verdicts[key]
        except KeyError:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            found = self._verdicts[key] = self._judge(cells)
            return found

    def _judge(self, cells: list[str]) -> Verdict | None:
        alone = [""] * self._width
        for at in self._positions:
            alone[at] = cells[at]
        draft = self._rows.read(alone, ordinal="", place="")
        rules = broken(draft, self._fields, now=self._now)
        if draft.faults or any(rule.level is Level.ERROR for rule in rules):
            return None
        codes = tuple(rule.code for rule in rules)
        return Verdict(
            self._values(draft), codes, draft.sex or Sex.UNKNOWN, test_mode=draft.test_mode
        )

    def _values(self, draft: Draft) -> dict[str, Any]:
        if self._fields is not GROUPS[0]:
            return {field: _KEPT[field](getattr(draft, field) or "") for field in self._fields}
        draft.sampled_at = draft.reported_at = _SOME_TIME
        return vars(result_of(draft))
