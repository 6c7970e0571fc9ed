"""The rows of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from statistics_publication.day_counts import NONE, VariantCounts
from statistics_publication.disclosure import told_regions
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


def variants_rows(
    level: Level, weeks: Mapping[date, Mapping[str, VariantCounts]], least: int
) -> Iterator[Row]:
    """The rows of `variants_table`; those that few tests are behind are left out.

    An empty row would tell that a lineage was found.

    Args:
        level: regions, or the country, whose rows are all told.
        weeks: by Monday and place.
        least: the tests that there must be behind a row.
    """
    for monday in sorted(weeks):
        sums: dict[str | None, VariantCounts] = {}
        for place, counts in sorted(weeks[monday].items()):
            code = level.code_of(place)
            sums[code] = sums.get(code, VariantCounts()).plus(counts)
        letters = sorted({letter for counts in sums.values() for letter in counts.readable})
        for letter in letters:
            readable = {code: counts.readable.get(letter, 0) for code, counts in sums.items()}
            for code in _told(level, readable, least):
                found = sums[code].found.get(letter, 0)
                yield code, str(monday), "mutation", letter, found, readable[code]
        sequenced = {code: counts.sequenced for code, counts in sums.items()}
        for code in _told(level, sequenced, least):
            for lineage, found in sorted(sums[code].lineages.items()):
                yield code, str(monday), "lineage", lineage, found, sequenced[code]


def _told(level: Level, typed: Mapping[str | None, int], least: int) -> list[str]:
    """The codes that rows are told of, in order."""
    if level.name == "fra":
        return [code for code, tests in typed.items() if code and tests]
    return sorted(told_regions(typed, least))


def _of_sex(rolling: Rolling, code: str, age: str, sex: Sex) -> Counts | None:
    """What was counted of women or of men; None where that is hidden."""
    if (code, age) in rolling.level.hidden_by_sex:
        return None
    return rolling.by_sex.get((code, age, sex), NONE)
