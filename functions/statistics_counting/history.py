"""A person's tests for a disease, and what they add to the counts.

The definitions are those of Santé publique France since 8 December 2020:

- P counts people who test positive for the first time in more than 60 days: a positive test on
  a day counts if the person had none in the 60 days before that day, and one for each day.
- T counts the tests of people who had no positive test in the 60 days before, negative ones each,
  and of the positive ones those that P counts.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from statistics_counting.counted_test import CountedTest
from vigie.model import Frozen
from vigie.statistics.cell import (
    DELAY,
    ELIGIBLE_TESTS,
    FIRST_POSITIVES,
    FOUND,
    LINEAGE,
    POSITIVES,
    READABLE,
    SCREENED,
    SEQUENCED,
    TESTS,
    VARIANTS,
    CellKey,
    counter,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RECENT = timedelta(days=60)
# One transaction takes 100 items. A change of one test touches no more cells than a history has
# tests, and a test that moves from one person to another touches those of both.
MOST_TESTS = 40


class Count(NamedTuple):
    """One counter of one cell."""

    cell: CellKey
    name: str


Counts: TypeAlias = "Counter[Count]"


class History(Frozen):
    """What is remembered of a person's tests.

    Attributes:
        tests: by day and result.
        settled_through: older tests are counted and forgotten: none of that day or before it is
            in `tests`. Empty if none were.
        settled_positives: of the days that are settled, those with a positive test which still
            matter to a later one.
    """

    tests: tuple[CountedTest, ...] = ()
    settled_through: str = ""
    settled_positives: tuple[str, ...] = ()

    def has(self, result_id: str) -> bool:
        """Whether a result's test is in it."""
        return any(test.result_id == result_id for test in self.tests)

    def takes(self, test: CountedTest) -> bool:
        """Whether a test can be put into it: its day is not settled, and not full."""
        if test.day <= self.settled_through:
            return False
        others = [one for one in self.tests if one.result_id != test.result_id]
        return len(others) < MOST_TESTS or any(one.day != test.day for one in others)

    def without(self, result_id: str) -> History:
        """The history without a result's test."""
        rest = tuple(test for test in self.tests if test.result_id != result_id)
        return self.model_copy(update={"tests": rest})

    def having(self, test: CountedTest) -> History:
        """The history with a test, in the place of what it had of the same result."""
        others = (one for one in self.tests if one.result_id != test.result_id)
        ordered = sorted((*others, test), key=lambda one: (one.day, one.result_id))
        return self.model_copy(update={"tests": tuple(ordered)})

    def settled(self) -> History:
        """The history without its oldest days, as far as it is too long; the newest day stays."""
        excess = len(self.tests) - MOST_TESTS
        if excess <= 0:
            return self
        newest = self.tests[-1].day
        through = max(
            (test.day for test in self.tests[:excess] if test.day < newest),
            default=self.settled_through,
        )
        positives = {test.day for test in self.tests if test.positive and test.day <= through}
        matter = (date.fromisoformat(through) - RECENT).isoformat()
        return History(
            tests=tuple(test for test in self.tests if test.day > through),
            settled_through=through,
            settled_positives=tuple(
                sorted(day for day in positives.union(self.settled_positives) if day > matter)
            ),
        )


def contributions(disease: str, history: History) -> Counts:
    """What the history of a person's tests for a disease adds to the counts."""
    counts: Counts = Counter()
    positives = [*map(date.fromisoformat, history.settled_positives)]
    for text, tests in groupby(history.tests, key=lambda test: test.day):
        day = date.fromisoformat(text)
        recent = any(day - RECENT <= positive < day for positive in positives)
        first_seen = False
        for test in tests:
            first = test.positive and not recent and not first_seen
            first_seen |= test.positive
            eligible = first or (not test.positive and not recent)
            cell = CellKey(disease, day, test.place, test.age)
            counts.update(_counted(test, cell, first=first, eligible=eligible))
        if first_seen:
            positives.append(day)
    return counts


def difference(old: Iterable[tuple[str, History]], new: Iterable[tuple[str, History]]) -> Counts:
    """What must be added to the counts when histories become others; nothing is zero in it.

    Args:
        old: pairs of disease and history.
        new: as `old`.
    """
    change: Counts = Counter()
    for disease, history in new:
        change.update(contributions(disease, history))
    for disease, history in old:
        change.subtract(contributions(disease, history))
    return Counter({count: number for count, number in change.items() if number})


def _counted(test: CountedTest, cell: CellKey, *, first: bool, eligible: bool) -> Iterator[Count]:
    yield Count(cell, counter(TESTS, test.sex))
    yield Count(cell, counter(DELAY, str(test.delay)))
    if eligible:
        yield Count(cell, counter(ELIGIBLE_TESTS, test.sex))
    if first:
        yield Count(cell, counter(FIRST_POSITIVES, test.sex))
    if test.positive:
        yield Count(cell, counter(POSITIVES, test.sex))
        yield from _variants(test, cell._replace(kind=VARIANTS))


def _variants(test: CountedTest, cell: CellKey) -> Iterator[Count]:
    if test.screened:
        yield Count(cell, SCREENED)
    if test.lineage is not None:
        yield Count(cell, SEQUENCED)
        yield Count(cell, counter(LINEAGE, test.lineage))
    for letter in test.readable:
        yield Count(cell, counter(READABLE, letter))
    for letter in test.found:
        yield Count(cell, counter(FOUND, letter))
