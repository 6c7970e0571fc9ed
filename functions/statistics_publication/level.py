"""The levels that tables are published for: départements, regions, and the country."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from statistics_publication.day_counts import NONE, Counts
from statistics_publication.disclosure import hidden_places, hidden_regions
from statistics_publication.rates import DAYS
from vigie.geography import region_of_department
from vigie.statistics.age_class import AGE_CLASSES, ALL_AGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from statistics_publication.day_counts import DayCounts
    from statistics_publication.population import Population
    from vigie.results.codes import Sex

COUNTRY = "FR"
AGES = (ALL_AGES, *AGE_CLASSES)
_WEEK = timedelta(days=DAYS)

# By code and age class, all ages among them; and the same by sex.
Sums: TypeAlias = "dict[tuple[str, str], Counts]"
SumsBySex: TypeAlias = "dict[tuple[str, str, Sex], Counts]"


@dataclass(frozen=True, slots=True)
class Level:
    """A level.

    Attributes:
        name: `dep`, `reg` or `fra`.
        codes: the places that each of its codes stands for.
        hidden: the pairs of code and age class that tell nothing.
        hidden_by_sex: those that tell nothing by sex.
        inhabitants: by code and age class.
    """

    name: str
    codes: Mapping[str, tuple[str, ...]]
    hidden: frozenset[tuple[str, str]]
    hidden_by_sex: frozenset[tuple[str, str]]
    inhabitants: Mapping[tuple[str, str], int]

    def code_of(self, place: str) -> str | None:
        """The code that a place counts for; None if it counts for none."""
        if self.name == "fra":
            return COUNTRY
        code = place if self.name == "dep" else region_of_department(place)
        return code if code in self.codes else None


def levels(population: Population, least: int) -> tuple[Level, ...]:
    """The three levels.

    Args:
        population: inhabitants.
        least: how many there must be behind a row.
    """
    regions: dict[str, tuple[str, ...]] = {}
    for place in population.places:
        region = region_of_department(place) or place
        regions[region] = (*regions.get(region, ()), place)
    places = {place: (place,) for place in population.places}
    hidden = hidden_places(population, least)
    # A region of one département has the same rows.
    alone = {region for region, members in regions.items() if len(members) == 1}
    hidden_alone = frozenset(
        (region, age) for region in alone for age in AGES if (regions[region][0], age) in hidden
    )
    return (
        _level("dep", places, population, hidden),
        _level("reg", regions, population, hidden_alone, hidden_regions(population, least)),
        _level("fra", {COUNTRY: population.places}, population, frozenset()),
    )


def _level(
    name: str,
    codes: Mapping[str, tuple[str, ...]],
    population: Population,
    hidden: frozenset[tuple[str, str]],
    by_sex: frozenset[tuple[str, str]] = frozenset(),
) -> Level:
    inhabitants = {
        (code, age): people
        for code, places in codes.items()
        for age in AGES
        if (people := population.of(places, age)) is not None
    }
    return Level(name, codes, hidden, hidden | by_sex, inhabitants)


class Rolling:
    """The counts of a level on the latest day, and over the seven days that end with it.

    Args:
        level: the level.
    """

    def __init__(self, level: Level) -> None:
        self.level = level
        self.today: Sums = {}
        self.by_sex: SumsBySex = {}
        self._days: deque[tuple[date, Sums]] = deque()
        self._first: date | None = None

    def add(self, day: DayCounts) -> None:
        """Go on to a later day."""
        self.by_sex = _by_sex(self.level, day)
        self.today = _sums(((code, age), each) for (code, age, _), each in self.by_sex.items())
        self._first = self._first or day.day
        self._days.append((day.day, self.today))
        while self._days[0][0] <= day.day - _WEEK:
            self._days.popleft()

    def week(self, code: str, age: str) -> Counts | None:
        """The counts of seven days; None as long as fewer than seven have been."""
        if self._first is None or self._days[-1][0] - self._first < timedelta(days=DAYS - 1):
            return None
        together = NONE
        for _, sums in self._days:
            together = together.plus(sums.get((code, age), NONE))
        return together


def _by_sex(level: Level, day: DayCounts) -> SumsBySex:
    sums: SumsBySex = {}
    for cell, counts in day.cells.items():
        code = level.code_of(cell.place)
        if code is None:
            continue
        for age in (ALL_AGES, cell.age):
            key = (code, age, cell.sex)
            sums[key] = sums.get(key, NONE).plus(counts)
    return sums


def _sums(counted: Iterable[tuple[tuple[str, str], Counts]]) -> Sums:
    sums: Sums = {}
    for key, counts in counted:
        sums[key] = sums.get(key, NONE).plus(counts)
    return sums
