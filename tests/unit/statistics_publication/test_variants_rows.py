"""Whose variants are told: of no few people, directly or by subtraction."""

from datetime import date

import pytest

from statistics_publication.day_counts import VariantCounts
from statistics_publication.disclosure import disclosure_rule, told_regions
from statistics_publication.level import levels
from statistics_publication.population import population
from statistics_publication.rows import variants_rows

LEAST = disclosure_rule().least_typed
_, REGIONS, COUNTRY = levels(population(), disclosure_rule().least_inhabitants)
MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"11": 100, "93": 100}, {"11", "93"}),
        ({"11": 100, "93": 1}, set()),
        ({"11": 300, "76": 200, "93": 1}, {"11"}),
        ({"11": 300, "76": 50, "93": 50}, {"11"}),
        ({"11": 300, "76": 200, "93": 30, "94": 30}, {"11"}),
        ({"11": 300, "76": 0, "93": 200}, {"11", "93"}),
        ({"11": 300, "76": 200, None: 1}, set()),
        ({"11": 300, "76": 200, "93": 150, None: 1}, {"11"}),
        ({"11": 300, "76": 200, "93": 9, None: 500}, {"11"}),
        ({"11": 99}, set()),
        ({}, set()),
    ],
)
def test_what_is_left_out_cannot_be_had_by_subtraction(
    typed: dict[str | None, int], told: set[str]
) -> None:
    assert told_regions(typed, 100) == told


def _sequenced(**lineages: int) -> VariantCounts:
    return VariantCounts(sequenced=sum(lineages.values()), lineages=lineages)


def test_one_sequenced_test_of_a_region_is_in_the_numbers_of_the_country_only() -> None:
    weeks = {
        MONDAY: {
            "75": _sequenced(JN1=400),
            "13": _sequenced(JN1=100, XBB=100),
            "48": _sequenced(BA286=1),
        }
    }
    rows = list(variants_rows(REGIONS, weeks, LEAST))
    assert rows == [("11", str(MONDAY), "lineage", "JN1", 400, 400)]
    country = {row[3]: row[4:] for row in variants_rows(COUNTRY, weeks, LEAST)}
    assert country == {"BA286": (1, 601), "JN1": (500, 601), "XBB": (100, 601)}


def test_a_mutation_is_judged_by_the_tests_in_which_it_was_looked_for() -> None:
    paris = VariantCounts(screened=300, readable={"A": 300, "C": 20}, found={"A": 1})
    weeks = {MONDAY: {"75": paris, "13": paris}}
    rows = list(variants_rows(REGIONS, weeks, LEAST))
    assert [row[3:] for row in rows] == [("A", 1, 300), ("A", 1, 300)]
