"""The summary says what France's definitions say, in the shape that the page reads."""

from datetime import date, timedelta

import pytest

from statistics_publication.completeness import completeness
from statistics_publication.day_counts import Cell, Counts, DayCounts, VariantCounts
from statistics_publication.population import population, population_source
from statistics_publication.rates import rates, share, window
from statistics_publication.summary import Digest, Told
from tests.unit.statistics_publication.invented_month import SAMPLE, invented_summary
from vigie.catalogue import diseases
from vigie.results.codes import Sex
from vigie.statistics.age_class import AGE_CLASSES, age_class
from vigie.statistics.published import INDEX, SUMMARY, PublicationIndex, Summary

PUBLISHED_ON = date(2026, 11, 24)
PARIS = Cell("75", "39", Sex.FEMALE)
NOWHERE = Cell("unknown", "39", Sex.FEMALE)


def told(days: dict[int, DayCounts]) -> Summary:
    """The summary of days, by how long before publication they were."""
    counted = {PUBLISHED_ON - timedelta(days=ago): day for ago, day in days.items()}
    return summed_up(counted)


def summed_up(days: dict[date, DayCounts]) -> Summary:
    """The summary of days."""
    digest = Digest(Told(diseases()["covid-19"], PUBLISHED_ON, 1))
    for counted in sorted(days):
        digest.add(days[counted])
    return digest.summary(population(), [])


def day(ago: int, *, cell: Cell = PARIS) -> DayCounts:
    return DayCounts(PUBLISHED_ON - timedelta(days=ago), {cell: Counts(10, 2, 2, 10)})


def test_the_window_is_from_nine_to_three_days_before_publication() -> None:
    shown = window(PUBLISHED_ON)
    assert (shown.first, shown.last) == (date(2026, 11, 15), date(2026, 11, 21))
    within = told({ago: day(ago) for ago in range(12)})
    paris = within.departements["75"]
    assert (paris.P, paris.T, paris.tests, paris.positives) == (14, 70, 70, 14)
    assert within.departements["13"].P == 0


def test_rates_are_for_a_hundred_thousand_people_and_in_percent() -> None:
    told_rates = rates(Counts(1000, 120, 100, 900), 200_000)
    assert (told_rates.Ti, told_rates.Tp, told_rates.Td) == (50.0, 11.11, 450.0)
    unknown = rates(Counts(0, 0, 0, 0), None)
    assert (unknown.Ti, unknown.Tp, unknown.Td) == (None, None, None)


def test_half_of_the_last_decimal_is_rounded_up() -> None:
    assert share(1, 16, 100) == 6.25
    assert share(1, 800, 100) == 0.13
    assert share(1, 160, 10) == 0.06


def test_people_of_unknown_place_count_for_the_country_only() -> None:
    everywhere = told({5: day(5, cell=NOWHERE), 6: day(6)})
    assert sum(everywhere.france.P) == 4
    assert sum(place.P or 0 for place in everywhere.departements.values()) == 2
    assert sum(region.P or 0 for region in everywhere.regions.values()) == 2


def test_the_country_has_every_day_and_rates_from_the_seventh_on() -> None:
    country = told({12: day(12), 1: day(1)}).france
    assert country.days == tuple(PUBLISHED_ON - timedelta(days=ago) for ago in range(12, 0, -1))
    assert country.Tp[:6] == (None,) * 6
    assert country.Tp[6] == 20.0
    assert country.Tp[7] is None
    assert country.tests == (10, *[0] * 10, 10)


def test_completeness_is_what_older_days_had_by_the_same_age() -> None:
    delays = (50, 30, 15, 5)
    days = {PUBLISHED_ON - timedelta(days=ago): delays for ago in range(15, 43)}
    shares = completeness(days, PUBLISHED_ON)
    assert shares[date(2026, 11, 23)] == 0.5
    assert shares[date(2026, 11, 22)] == 0.8
    assert shares[date(2026, 11, 20)] == 1.0
    assert len(shares) == 14
    assert set(completeness({}, PUBLISHED_ON).values()) == {None}


def test_variants_are_shares_of_the_tests_that_were_looked_at() -> None:
    monday = date(2026, 11, 16)
    seen = VariantCounts(
        screened=10,
        sequenced=4,
        readable={"A": 8, "C": 5},
        found={"A": 2},
        lineages={"JN.1": 3, "BA.2": 1},
    )
    days = {
        monday: DayCounts(monday, {}, (), {"75": seen}),
        monday - timedelta(days=14): DayCounts(
            monday - timedelta(days=14), {}, (), {"13": VariantCounts(screened=1)}
        ),
    }
    shares = summed_up(days).variants
    assert shares.weeks == (date(2026, 11, 2), date(2026, 11, 9), monday)
    assert shares.screened == (1, 0, 10)
    assert shares.letters == {"A": (None, None, 0.25), "C": (None, None, 0.0)}
    assert shares.lineages["JN.1"] == (None, None, 0.75)
    assert shares.meanings["A"] == "E484K"
    assert set(shares.letters) <= set(shares.meanings)


def test_nothing_counted_gives_a_summary_of_nothing() -> None:
    empty = told({})
    assert empty.france.days == ()
    assert empty.departements["75"].Tp is None


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, "09"), (9, "09"), (10, "19"), (89, "89"), (90, "90"), (119, "90"), (None, "unknown")],
)
def test_age_classes_end_with_the_year_that_names_them(age: int | None, expected: str) -> None:
    assert age_class(age) == expected


def test_the_population_is_that_of_insee() -> None:
    people = population()
    assert len(people.places) == 101
    assert people.of(people.places, "0") == 68_042_591
    assert people.of(("75",), "0") == 2_102_650
    assert people.of(("2A", "2B"), "90") == 4_851
    assert sum(people.of(people.places, age) or 0 for age in AGE_CLASSES) == 68_042_591
    assert people.of(("75", "unknown"), "0") is None
    assert "Licence Ouverte" in population_source().licence


def test_the_sample_is_what_the_code_makes() -> None:
    index = PublicationIndex.model_validate_json((SAMPLE / INDEX).read_bytes())
    folder = SAMPLE / index.publications[0].path.lstrip("/")
    assert Summary.model_validate_json((folder / SUMMARY).read_bytes()) == invented_summary()
