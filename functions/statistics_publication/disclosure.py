"""Which rows tell nothing, because few people are behind them.

The rule does not look at what was counted: whether a row is hidden tells nothing either. Tables by
place and age class are published with the sums of both, so a hidden number can be had by
subtraction when it is the only one of its place or age class, or one of a chain of such. Seen as
edges between places and age classes, the hidden numbers of a table whose sums are known can be had
just where an edge is on no loop (Gusfield, "A graph theoretic approach to statistical data
security", SIAM Journal on Computing 17, 1988).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

from vigie.geography import region_of_department
from vigie.model import Frozen
from vigie.statistics.age_class import AGE_CLASSES, ALL_AGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from statistics_publication.population import Population

_BY_SEX = 2


class DisclosureRule(Frozen):
    """The rule, as it is published.

    Attributes:
        rule: in words.
        least_inhabitants: of a place and an age class that have numbers of their own.
        least_typed: positive tests of a region's week among which variants are told.
    """

    rule: str
    least_inhabitants: int
    least_typed: int


@cache
def disclosure_rule() -> DisclosureRule:
    """The rule of the file."""
    text = (files(__package__) / "disclosure.json").read_text(encoding="utf-8")
    return DisclosureRule.model_validate_json(text)


def hidden_places(population: Population, least: int) -> frozenset[tuple[str, str]]:
    """The pairs of département and age class whose rows tell nothing.

    The départements of a region are a table whose sums by age class are the region's rows;
    those that are a region each are one together, whose sums are the country's without the
    other regions'.
    """
    tables: dict[str, list[str]] = {}
    for place in population.places:
        tables.setdefault(region_of_department(place) or place, []).append(place)
    alone = [places[0] for places in tables.values() if len(places) == 1]
    groups = [alone, *(places for places in tables.values() if len(places) > 1)]
    return frozenset(
        pair for group in groups for pair in hidden(_table(population, group, least), least)
    )


def hidden_regions(population: Population, least: int) -> frozenset[tuple[str, str]]:
    """The pairs of region and age class whose numbers by sex tell nothing.

    The whole country's are published, so all regions are one table.
    """
    sums: dict[tuple[str, str], int] = {}
    for (place, age), people in population.counts.items():
        region = region_of_department(place) or place
        if age != ALL_AGES:
            sums[region, age] = sums.get((region, age), 0) + people
    return hidden(sums, least * _BY_SEX)


def hidden(people: Mapping[tuple[str, str], int], least: int) -> frozenset[tuple[str, str]]:
    """The numbers of a table by place and age class that are not published.

    Args:
        people: behind each.
        least: how many there must be.
    """
    kept = {pair for pair, number in people.items() if number < least}
    while alone := sorted(on_no_loop(kept)):
        place, age = alone[0]
        others = {each for each, _ in people if each != place}
        ages = {each for _, each in people if each != age}
        loops = [
            {(place, other_age), (other, age), (other, other_age)}
            for other, other_age in product(sorted(others), sorted(ages))
        ]
        if not loops:
            raise ValueError(f"nothing hides {place}, {age}: it needs another place and class")
        kept |= min(loops, key=lambda loop: sum(people[pair] for pair in loop - kept))
    return frozenset(kept)


def told_regions(typed: Mapping[str | None, int], least: int) -> frozenset[str]:
    """The regions whose variants are told, for a week and something that was looked for.

    The country's are told too, so what is in no told region can be had by subtraction: it is
    nothing, or enough tests, of more than one region.

    Args:
        typed: tests in which it was looked for, by region; None stands for those of no region.
        least: how many there must be.
    """
    by_size = sorted((tests, region) for region, tests in typed.items() if region and tests)
    told = [(tests, region) for tests, region in by_size if tests >= least]
    whole = sum(typed.values())
    while told:
        rest = whole - sum(tests for tests, _ in told)
        alone = len(by_size) - len(told) == 1
        if not rest or (rest >= least and not alone):
            break
        told = told[1:]
    return frozenset(region for _, region in told)


def on_no_loop(edges: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges between places and age classes that are on no loop: those that can be had."""
    return {edge for edge in edges if not _joined(edge, set(edges) - {edge})}


def _joined(ends: tuple[str, str], edges: Iterable[tuple[str, str]]) -> bool:
    """Whether edges lead from one end to the other."""
    neighbours: dict[tuple[int, str], set[tuple[int, str]]] = {}
    for place, age in edges:
        neighbours.setdefault((0, place), set()).add((1, age))
        neighbours.setdefault((1, age), set()).add((0, place))
    reached, waiting = set(), [(0, ends[0])]
    while waiting:
        node = waiting.pop()
        if node in reached:
            continue
        reached.add(node)
        waiting += neighbours.get(node, ())
    return (1, ends[1]) in reached


def _table(population: Population, places: Iterable[str], least: int) -> dict[tuple[str, str], int]:
    """Inhabitants by place and age class; those that are not known are too few."""
    return {
        (place, age): population.counts.get((place, age), least - 1)
        for place, age in product(places, AGE_CLASSES)
    }
