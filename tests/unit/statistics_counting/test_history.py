"""P and T are counted as Santé publique France defined them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statistics_counting.counted_test import CountedTest
from statistics_counting.history import (
    MOST_TESTS,
    Counts,
    History,
    contributions,
    difference,
)
from tests.unit.statistics_counting.recounted import Recounted, recounted
from vigie.results.codes import Sex
from vigie.statistics.cell import MEASURES, counter

START = date(2026, 1, 1)
DISEASE = "covid-19"


def made(number: int, day: int, *, positive: bool = False, place: str = "75") -> CountedTest:
    return CountedTest(
        result_id=f"r{number:03}",
        person="p1.ann",
        disease=DISEASE,
        day=(START + timedelta(days=day)).isoformat(),
        positive=positive,
        place=place,
        age="39",
        sex=Sex.FEMALE,
    )


def history(*days: int) -> History:
    """Tests on days; a negative number is a positive test on the day before its opposite."""
    kept = History()
    for number, day in enumerate(days):
        kept = kept.having(made(number, day if day >= 0 else -day - 1, positive=day < 0))
    return kept


def sums(kept: History) -> tuple[int, ...]:
    """Tests, positives, P and T of a history."""
    counted = contributions(kept)
    by_name: Counter[str] = Counter()
    for count, number in counted.items():
        by_name[count.name] += number
    return tuple(by_name[counter(measure, "F")] for measure in MEASURES)


def test_two_negative_tests_of_one_person_count_twice() -> None:
    assert sums(history(0, 3)) == (2, 0, 0, 2)


def test_a_person_is_positive_for_the_first_time_once() -> None:
    assert sums(history(-1, -6)) == (2, 2, 1, 1)


def test_a_negative_test_after_a_positive_one_does_not_count_for_sixty_days() -> None:
    assert sums(history(-1, 60)) == (2, 1, 1, 1)
    assert sums(history(-1, 61)) == (2, 1, 1, 2)


def test_a_positive_test_more_than_sixty_days_later_counts_again() -> None:
    assert sums(history(-1, -61)) == (2, 2, 1, 1)
    assert sums(history(-1, -62)) == (2, 2, 2, 2)


def test_two_positive_tests_on_a_day_are_one_person() -> None:
    assert sums(history(-1, -1)) == (2, 2, 1, 1)


def test_a_negative_test_of_the_same_day_counts() -> None:
    assert sums(history(-1, 0)) == (2, 1, 1, 2)


def test_a_late_report_corrects_the_days_after_it() -> None:
    before = history(20, 30)
    after = before.having(made(9, 10, positive=True))
    change = difference(before, after)
    by_name: Counter[tuple[date, str]] = Counter()
    for count, number in change.items():
        by_name[count.cell.day, count.name] += number
    assert by_name[START + timedelta(days=20), "T_F"] == -1
    assert by_name[START + timedelta(days=30), "T_F"] == -1
    assert by_name[START + timedelta(days=10), "P_F"] == 1
    assert (START + timedelta(days=20), "tests_F") not in by_name


def test_old_days_are_settled_without_a_change_of_what_counts() -> None:
    kept = History()
    for number in range(MOST_TESTS + 1):
        kept = kept.having(made(number, number, positive=number in {0, 5}))
    settled = kept.settled()
    assert len(settled.tests) == MOST_TESTS
    assert settled.settled_through == START.isoformat()
    assert not settled.takes(made(99, 0))
    gone = {count for count in contributions(kept) if count.cell.day == START}
    left = Counter({count: n for count, n in contributions(kept).items() if count not in gone})
    assert contributions(settled) == left


def test_a_day_takes_so_many_tests_of_a_person_and_no_more() -> None:
    kept = History()
    for number in range(MOST_TESTS):
        kept = kept.having(made(number, 0))
    assert not kept.takes(made(99, 0))
    assert kept.takes(made(3, 0, positive=True))
    assert kept.takes(made(99, 1))


TESTS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.builds(
            made,
            st.integers(0, 200),
            st.integers(0, 200),
            positive=st.booleans(),
            place=st.sampled_from(["75", "13"]),
        ),
    ),
    max_size=30,
    unique_by=lambda pair: pair[1].result_id,
)


@given(TESTS)
def test_the_changes_of_tests_in_any_order_add_up_to_a_plain_count(
    tests: list[tuple[str, CountedTest]],
) -> None:
    people = {"ann": History(), "bob": History()}
    added: Counts = Counter()
    for person, test in tests:
        after = people[person].having(test)
        added.update(difference(people[person], after))
        people[person] = after
    assert by_cell(added) == recounted(tests)


def by_cell(counts: Counts) -> Recounted:
    """Counts as the plain count has them."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for (cell, name), number in counts.items():
        measure, _, sex = name.partition("_")
        if measure in MEASURES and number:
            row = found.setdefault((str(cell.day), cell.place, cell.kind, sex), [0, 0, 0, 0])
            row[MEASURES.index(measure)] += number
    return {cell: (row[0], row[1], row[2], row[3]) for cell, row in found.items()}
