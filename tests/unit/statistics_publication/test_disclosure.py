"""No hidden number can be had from the published ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from statistics_publication.disclosure import (
    disclosure_rule,
    hidden,
    hidden_places,
    hidden_regions,
    on_no_loop,
)
from statistics_publication.population import population
from vigie.statistics.age_class import AGE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection

PLACES = ("a", "b", "c", "d")
AGES = ("09", "19", "29", "39")
TABLES = st.lists(st.integers(0, 9), min_size=16, max_size=16).map(
    lambda numbers: dict(zip(product(PLACES, AGES), numbers, strict=True))
)


def had(edges: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """The hidden numbers that the sums of their rows and columns give, by elimination."""
    unknown = sorted(edges)
    equations = [
        [Fraction(int(edge[side] == name)) for edge in unknown]
        for side in (0, 1)
        for name in sorted({edge[side] for edge in unknown})
    ]
    reduced = eliminated(equations)
    return {
        unknown[row.index(Fraction(1))]
        for row in reduced
        if sum(1 for factor in row if factor) == 1
    }


def eliminated(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form."""
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [factor / pivot[column] for factor in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        done = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in done]
        done.append(pivot)
    return done


@given(TABLES)
@settings(max_examples=60)
def test_every_number_of_few_people_is_hidden_and_cannot_be_had(
    people: dict[tuple[str, str], int],
) -> None:
    kept = hidden(people, 3)
    assert {pair for pair, number in people.items() if number < 3} <= kept
    assert had(kept) == set()


@given(st.sets(st.sampled_from(list(product(PLACES, AGES)))))
@settings(max_examples=60)
def test_a_number_can_be_had_where_it_is_on_no_loop(edges: set[tuple[str, str]]) -> None:
    assert on_no_loop(edges) == had(edges)


def test_few_rows_of_france_are_hidden() -> None:
    least = disclosure_rule().least_inhabitants
    places = hidden_places(population(), least)
    assert ("48", "90") in places
    assert len(places) == 38
    assert {age for _, age in places} <= {"79", "89", "90"}
    shown = set(product(population().places, AGE_CLASSES)) - places
    assert all(population().counts[pair] >= least for pair in shown)
    assert ("94", "90") in hidden_regions(population(), least)
    assert ("11", "90") not in hidden_regions(population(), least)
