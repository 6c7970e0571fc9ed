"""From the cells of a day, as they are stored, to its counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from statistics_publication.day_counts import Cell, Counts, DayCounts, VariantCounts
from vigie.results.codes import Sex
from vigie.statistics.cell import (
    DELAY,
    FOUND,
    LAST_DELAY,
    LINEAGE,
    MEASURES,
    READABLE,
    SCREENED,
    SEQUENCED,
    VARIANTS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


def day_of_cells(day: date, items: Iterable[Mapping[str, Any]]) -> DayCounts:
    """The counts of a day; counters that are zero again leave nothing.

    Args:
        day: of sampling.
        items: its cells, of DynamoDB.
    """
    cells: dict[Cell, Counts] = {}
    variants: dict[str, VariantCounts] = {}
    delays: Counter[int] = Counter()
    for item in items:
        place, _, kind = item["entry"]["S"].partition("#")
        numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
        if kind == VARIANTS:
            variants[place] = _variants(numbers)
            continue
        cells |= {Cell(place, kind, sex): found for sex, found in _by_sex(numbers).items()}
        delays.update({int(late): number for late, number in _named(numbers, DELAY).items()})
    return DayCounts(
        day=day,
        cells=cells,
        delays=tuple(delays[late] for late in range(LAST_DELAY + 1)),
        variants={place: found for place, found in variants.items() if found != VariantCounts()},
    )


def _by_sex(numbers: Mapping[str, int]) -> dict[Sex, Counts]:
    by_measure = {measure: _named(numbers, measure) for measure in MEASURES}
    counted = {
        sex: Counts(*(by_measure[measure].get(sex, 0) for measure in MEASURES))
        for sex in (Sex.FEMALE, Sex.MALE, Sex.UNKNOWN)
    }
    return {sex: counts for sex, counts in counted.items() if any(counts)}


def _variants(numbers: Mapping[str, int]) -> VariantCounts:
    return VariantCounts(
        screened=numbers.get(SCREENED, 0),
        sequenced=numbers.get(SEQUENCED, 0),
        readable=_named(numbers, READABLE),
        found=_named(numbers, FOUND),
        lineages=_named(numbers, LINEAGE),
    )


def _named(numbers: Mapping[str, int], name: str) -> dict[str, int]:
    """The counters of a name that are not zero, by what they count."""
    start = f"{name}_"
    return {
        counted.removeprefix(start): number
        for counted, number in numbers.items()
        if counted.startswith(start) and number
    }
