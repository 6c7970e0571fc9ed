"""The rows of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from statistics_publication.day_counts import NONE, VariantCounts
from statistics_publication.level import AGES
from statistics_publication.rates import rates
from vigie.results.codes import Sex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from statistics_publication.day_counts import Counts
    from statistics_publication.level import Level, Rolling

Value: TypeAlias = "str | int | float | None"
Row: TypeAlias = "tuple[Value, ...]"


def counts_rows(rolling: Rolling, day: date) -> Iterator[Row]:
    """The rows of `counts_table` for the latest day."""
    level = rolling.level
    for code in level.codes:
        for age in AGES:
            counts = rolling.today.get((code, age), NONE)
            hidden = (code, age) in level.hidden
            people = None if hidden else counts.P
            tests = None if hidden else counts.T
            pop = level.inhabitants.get((code, age))
            if level.name == "dep":
                yield code, str(day), people, tests, age, pop
                continue
            women, men = (_of_sex(rolling, code, age, sex) for sex in (Sex.FEMALE, Sex.MALE))
            yield (
                code,
                str(day),
                women and women.P,
                men and men.P,
                people,
                women and women.T,
                men and men.T,
                tests,
                age,
                pop,
            )


def rates_rows(rolling: Rolling, day: date) -> Iterator[Row]:
    """The rows of `rates_table` for the latest day."""
    level = rolling.level
    for code in level.codes:
        for age in AGES:
            pop = level.inhabitants.get((code, age))
            if (code, age) in level.hidden:
                yield code, str(day), pop, None, None, None, None, None, age
                continue
            today, week = rolling.today.get((code, age), NONE), rolling.week(code, age)
            rated = None if week is None else rates(week, pop)
            shown = (None, None, None) if rated is None else (rated.Ti, rated.Tp, rated.Td)
            yield code, str(day), pop, today.P, today.T, *shown, age


def variants_rows(level: Level, weeks: Mapping[date, Mapping[str, VariantCounts]]) -> Iterator[Row]:
    """The rows of `variants_table`.

    Args:
        level: the level.
        weeks: by Monday and place.
    """
    for monday in sorted(weeks):
        sums: dict[str, VariantCounts] = {}
        for place, counts in sorted(weeks[monday].items()):
            code = level.code_of(place)
            if code is not None:
                sums[code] = sums.get(code, VariantCounts()).plus(counts)
        for code, counts in sorted(sums.items()):
            for letter, readable in sorted(counts.readable.items()):
                found = counts.found.get(letter, 0)
                yield code, str(monday), "mutation", letter, found, readable
            for lineage, found in sorted(counts.lineages.items()):
                yield code, str(monday), "lineage", lineage, found, counts.sequenced


def _of_sex(rolling: Rolling, code: str, age: str, sex: Sex) -> Counts | None:
    """What was counted of women or of men; None where that is hidden."""
    if (code, age) in rolling.level.hidden_by_sex:
        return None
    return rolling.by_sex.get((code, age, sex), NONE)
