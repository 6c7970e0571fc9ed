"""A person's tests, and what they add to the counts.

The definitions, of each disease apart, are those of Santé publique France since 8 December 2020:

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
# Whoever may still bring back what is gone has read its result a moment ago.
_MOST_GONE = 20


class Count(NamedTuple):
    """One counter of one cell."""

    cell: CellKey
    name: str


Counts: TypeAlias = "Counter[Count]"


class History(Frozen):
    """What is remembered of a person's tests.

    Attributes:
        tests: by day and result.
        gone: results of which it is known that their test is not here, and since which version:
            the last so many, so that nothing that was read earlier puts one back.
        settled_through: older tests are counted and forgotten: none of that day or before it is
            in `tests`. Empty if none were.
        settled_positives: of the days that are settled, diseases and days with a positive test
            which still matter to a later one.
        overflowed: whether a test that it could not take was ever set apart.
    """

    tests: tuple[CountedTest, ...] = ()
    gone: tuple[tuple[str, int], ...] = ()
    settled_through: str = ""
    settled_positives: tuple[tuple[str, str], ...] = ()
    overflowed: bool = False

    @property
    def full(self) -> bool:
        """Whether tests of this person may be elsewhere: settled, or set apart."""
        return self.overflowed or bool(self.settled_through) or len(self.tests) >= MOST_TESTS

    def test_of(self, result_id: str) -> CountedTest | None:
        """A result's test; None if it is not in it."""
        return next((test for test in self.tests if test.result_id == result_id), None)

    def version_of(self, result_id: str) -> int:
        """The version of a result that it knows of; 0 if it knows none."""
        if test := self.test_of(result_id):
            return test.version
        return dict(self.gone).get(result_id, 0)

    def takes(self, test: CountedTest) -> bool:
        """Whether a test can be put into it: its day is not settled, and not full."""
        if test.day <= self.settled_through:
            return False
        others = [one for one in self.tests if one.result_id != test.result_id]
        return len(others) < MOST_TESTS or any(one.day != test.day for one in others)

    def having(self, test: CountedTest) -> History:
        """The history with a test, in the place of what it had of the same result."""
        others = (one for one in self.tests if one.result_id != test.result_id)
        ordered = sorted((*others, test), key=lambda one: (one.day, one.result_id))
        return self.model_copy(update={"tests": tuple(ordered), "gone": self._gone(test.result_id)})

    def without(self, result_id: str, since: int = 0) -> History:
        """The history without a result's test, which remembers since which version if told so."""
        tests = tuple(test for test in self.tests if test.result_id != result_id)
        if not since:
            return self.model_copy(update={"tests": tests})
        gone = (*self._gone(result_id), (result_id, since))
        return self.model_copy(update={"tests": tests, "gone": gone[-_MOST_GONE:]})

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
        positives = {
            (test.disease, test.day) for test in self.tests if test.positive and test.day <= through
        }
        matter = (date.fromisoformat(through) - RECENT).isoformat() if through else ""
        return self.model_copy(
            update={
                "tests": tuple(test for test in self.tests if test.day > through),
                "settled_through": through,
                "settled_positives": tuple(
                    sorted(
                        positive
                        for positive in positives.union(self.settled_positives)
                        if positive[1] > matter
                    )
                ),
            }
        )

    def _gone(self, result_id: str) -> tuple[tuple[str, int], ...]:
        return tuple(each for each in self.gone if each[0] != result_id)


def contributions(history: History) -> Counts:
    """What the history of a person's tests adds to the counts."""
    counts: Counts = Counter()
    for disease in {test.disease for test in history.tests}:
        settled = [day for of, day in history.settled_positives if of == disease]
        tests = [test for test in history.tests if test.disease == disease]
        counts.update(_of_disease(tests, [*map(date.fromisoformat, settled)]))
    return counts


def _of_disease(tests: Iterable[CountedTest], positives: list[date]) -> Counts:
    """What tests for one disease add, the oldest first, after days with positive ones."""
    counts: Counts = Counter()
    for text, of_day in groupby(tests, key=lambda test: test.day):
        day = date.fromisoformat(text)
        recent = any(day - RECENT <= positive < day for positive in positives)
        first_seen = False
        for test in of_day:
            first = test.positive and not recent and not first_seen
            first_seen |= test.positive
            eligible = first or (not test.positive and not recent)
            cell = CellKey(test.disease, day, test.place, test.age)
            counts.update(_counted(test, cell, first=first, eligible=eligible))
        if first_seen:
            positives.append(day)
    return counts


def difference(old: History, new: History) -> Counts:
    """What must be added to the counts when a history becomes another; nothing is zero in it."""
    change = contributions(new)
    change.subtract(contributions(old))
    return without_zeros(change)


def without_zeros(counts: Counts) -> Counts:
    """Counts without those that change nothing."""
    return Counter({count: number for count, number in counts.items() if number})


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
