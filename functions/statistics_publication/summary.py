"""The summary of a publication: what the page of the numbers shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from statistics_publication.completeness import completeness
from statistics_publication.day_counts import NONE, Cell, Counts, DayCounts, VariantCounts, total
from statistics_publication.population import Population
from statistics_publication.rates import DAYS, rates, window
from vigie.catalogue.disease import Disease
from vigie.geography import departments, region_of_department, regions
from vigie.statistics.age_class import AGE_CLASSES, ALL_AGES
from vigie.statistics.published import (
    Days,
    Download,
    NamedRates,
    Rates,
    Summary,
    Variants,
    Window,
)

_WEEK = timedelta(days=7)
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What a publication is called.

    Attributes:
        disease: that it is about.
        published_on: its date.
        version: from 1.
    """

    disease: Disease
    published_on: date
    version: int


class Digest:
    """What a summary takes of each day, one after the other: a few numbers, whatever their number.

    Args:
        told: what the publication is called.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._window = window(told.published_on)
        self._totals: dict[date, Counts] = {}
        self._delays: dict[date, tuple[int, ...]] = {}
        self._weeks: dict[date, VariantCounts] = {}
        self._within: list[DayCounts] = []

    def add(self, day: DayCounts) -> None:
        """Take in a day; one after publication is left out."""
        if day.day > self._told.published_on:
            return
        self._totals[day.day] = day.total()
        self._delays[day.day] = day.delays
        monday = day.day - timedelta(days=day.day.weekday())
        self._weeks[monday] = self._weeks.get(monday, VariantCounts()).plus(day.all_variants())
        if self._window.first <= day.day <= self._window.last:
            self._within.append(day)

    @property
    def has_tests(self) -> bool:
        """Whether any day has a test."""
        return bool(self._totals)

    def summary(self, population: Population, downloads: Sequence[Download]) -> Summary:
        """Sum up the days.

        Args:
            population: inhabitants.
            downloads: the files beside it.
        """
        told, within = self._told, self._within
        return Summary(
            disease=told.disease.key,
            names=told.disease.names,
            published_on=told.published_on,
            version=told.version,
            window=self._window,
            completeness=completeness(self._delays, told.published_on),
            france=france(self._totals, population, self._window),
            departements=_departements(within, population),
            regions=_regions(within, population),
            ages=_ages(within, population),
            variants=variants(self._weeks, told.disease),
            downloads=tuple(downloads),
        )


def france(days: Mapping[date, Counts], population: Population, shown: Window) -> Days:
    """The whole country from the first day with a test to the last one, or that of the window."""
    tested = [day for day, counts in days.items() if any(counts)]
    ends = [*tested, shown.first, shown.last] if tested else []
    calendar = _calendar(min(ends), max(ends), timedelta(days=1)) if ends else ()
    counts = [days.get(day, NONE) for day in calendar]
    pop = population.of(population.places, ALL_AGES)
    rated = [
        rates(total(counts[last - DAYS + 1 : last + 1]), pop) if last + 1 >= DAYS else None
        for last in range(len(counts))
    ]
    return Days(
        days=calendar,
        tests=tuple(each.tests for each in counts),
        positives=tuple(each.positives for each in counts),
        P=tuple(each.P for each in counts),
        T=tuple(each.T for each in counts),
        Ti=tuple(each and each.Ti for each in rated),
        Tp=tuple(each and each.Tp for each in rated),
        Td=tuple(each and each.Td for each in rated),
    )


def variants(weeks: Mapping[date, VariantCounts], disease: Disease) -> Variants:
    """Shares of variants, by the Monday of each week."""
    told = {week: counts for week, counts in weeks.items() if counts.screened or counts.sequenced}
    if not told:
        return Variants()
    calendar = _calendar(min(told), max(told), _WEEK)
    counted = [weeks.get(week, VariantCounts()) for week in calendar]
    return Variants(
        weeks=calendar,
        screened=tuple(week.screened for week in counted),
        sequenced=tuple(week.sequenced for week in counted),
        letters={
            letter: tuple(
                _share(week.found.get(letter, 0), week.readable.get(letter, 0)) for week in counted
            )
            for letter in sorted({name for week in counted for name in week.readable})
        },
        lineages={
            lineage: tuple(
                _share(week.lineages.get(lineage, 0), week.sequenced) for week in counted
            )
            for lineage in sorted({name for week in counted for name in week.lineages})
        },
        meanings=_meanings(disease),
    )


def _meanings(disease: Disease) -> dict[str, str]:
    """What each letter stands for; what a later period of screening says of it holds."""
    periods = disease.screening.periods if disease.screening else ()
    return {letter: said for period in periods for letter, said in period.letters.items()}


def _departements(days: Sequence[DayCounts], population: Population) -> dict[str, NamedRates]:
    known = departments()
    counts = _sums(days, lambda cell: cell.place)
    return {
        place: _named(
            known[place].name if place in known else place,
            counts.get(place, NONE),
            population.of((place,), ALL_AGES),
        )
        for place in population.places
    }


def _regions(days: Sequence[DayCounts], population: Population) -> dict[str, NamedRates]:
    places: dict[str, list[str]] = {}
    for place in population.places:
        places.setdefault(region_of_department(place) or place, []).append(place)
    counts = _sums(days, lambda cell: region_of_department(cell.place))
    return {
        region: _named(
            regions().get(region, region),
            counts.get(region, NONE),
            population.of(tuple(places[region]), ALL_AGES),
        )
        for region in sorted(places)
    }


def _ages(days: Sequence[DayCounts], population: Population) -> dict[str, Rates]:
    counts = _sums(days, lambda cell: cell.age)
    return {
        age: rates(counts.get(age, NONE), population.of(population.places, age))
        for age in AGE_CLASSES
    }


def _sums(days: Iterable[DayCounts], name: Callable[[Cell], str | None]) -> dict[str, Counts]:
    sums: dict[str, Counts] = {}
    for day in days:
        for key, counts in day.by(name).items():
            sums[key] = sums.get(key, NONE).plus(counts)
    return sums


def _named(name: str, counts: Counts, pop: int | None) -> NamedRates:
    return NamedRates(name=name, **rates(counts, pop).model_dump())


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, _DECIMALS) if whole else None


def _calendar(first: date, last: date, step: timedelta) -> tuple[date, ...]:
    return tuple(first + step * number for number in range((last - first) // step + 1))
