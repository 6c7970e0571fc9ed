"""Rejects, repetitions and surges."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laboratory_watch.rules import Arrival, Limits, Verdict, rejects, repeats, surge
from tests.unit.laboratory_watch.figures import (
    MONDAY,
    WEEKS,
    a_day,
    arrival,
    at,
    moment,
    unreadable,
)

if TYPE_CHECKING:
    from vigie.inbox import LaboratoryDay

LIMITS = Limits()
END = MONDAY + timedelta(weeks=WEEKS)
NOW = moment(END, 18)
FEW = st.integers(0, 30)


@given(st.lists(st.tuples(FEW, FEW), min_size=1, max_size=5))
def test_rejects_hold_from_half_of_enough_items(files: list[tuple[int, int]]) -> None:
    sent = [arrival(NOW, accepted=good, rejected=bad) for good, bad in files]
    good, bad = (sum(each) for each in zip(*files, strict=True))
    enough = good + bad >= LIMITS.rejects_items
    verdict = rejects(at(NOW, (), *sent), LIMITS).verdict
    assert (verdict is Verdict.HOLDS) is (enough and bad >= good)
    assert (verdict is Verdict.UNKNOWN) is (good + bad == 0)


def test_trials_are_no_rejects_and_duplicates_are_items() -> None:
    sent = arrival(NOW, rejected=19, test=500)
    assert rejects(at(NOW, (), sent), LIMITS).verdict is Verdict.CLEAR
    sent = arrival(NOW, rejected=19, duplicate=20)
    assert rejects(at(NOW, (), sent), LIMITS).verdict is Verdict.CLEAR


def test_files_that_cannot_be_read_are_rejects() -> None:
    two = (unreadable(NOW), unreadable(NOW))
    assert rejects(at(NOW, (), *two), LIMITS).verdict is Verdict.CLEAR
    three = rejects(at(NOW, (), *two, unreadable(NOW)), LIMITS)
    assert three.verdict is Verdict.HOLDS
    assert three.told["rule that refused most"] == "format-unknown"


def test_what_came_more_than_a_day_ago_counts_no_more() -> None:
    old = arrival(NOW - timedelta(hours=24), rejected=500)
    assert rejects(at(NOW, (), old), LIMITS).verdict is Verdict.UNKNOWN
    waiting = Arrival(NOW, None)
    assert rejects(at(NOW, (), old, waiting), LIMITS).verdict is Verdict.UNKNOWN


def hourly(*contents: str, **counts: int) -> list[Arrival]:
    start = NOW - timedelta(hours=len(contents))
    return [
        arrival(start + timedelta(hours=place), content, **counts)
        for place, content in enumerate(contents)
    ]


@given(st.lists(st.sampled_from("abcdef"), max_size=20))
def test_repeats_hold_from_three_hours_with_what_came_before(contents: list[str]) -> None:
    sent = hourly(*contents, accepted=1)
    again = sum(content in contents[:place] for place, content in enumerate(contents))
    verdict = repeats(at(NOW, (), *sent), LIMITS).verdict
    assert (verdict is Verdict.HOLDS) is (again >= LIMITS.repeats_hours)


def test_what_is_known_since_yesterday_repeats_too() -> None:
    sent = hourly("a", "b", "c", duplicate=5)
    assert repeats(at(NOW, (), *sent), LIMITS).verdict is Verdict.HOLDS


def test_the_day_so_far_with_something_new_does_not_repeat() -> None:
    sent = hourly("a", "b", "c", "d", duplicate=5, accepted=1)
    assert repeats(at(NOW, (), *sent), LIMITS).verdict is Verdict.CLEAR


def test_several_repetitions_in_one_hour_count_once() -> None:
    sent = [arrival(NOW - timedelta(minutes=minute), accepted=1) for minute in range(5, 0, -1)]
    assert repeats(at(NOW, (), *sent), LIMITS).verdict is Verdict.CLEAR


def test_empty_files_and_trials_do_not_repeat() -> None:
    assert repeats(at(NOW, (), *hourly("a", "a", "a", "a")), LIMITS).verdict is Verdict.UNKNOWN
    trials = hourly("a", "a", "a", "a", test=5)
    assert repeats(at(NOW, (), *trials), LIMITS).verdict is Verdict.UNKNOWN


def steady(items: int) -> list[LaboratoryDay]:
    """Every day of the weeks but Sundays."""
    days = (MONDAY + timedelta(days=after) for after in range(7 * WEEKS))
    return [a_day(day, (9,), items) for day in days if day.weekday() != 6]


@given(st.integers(0, 2000), st.integers(0, 20_000))
def test_a_surge_is_more_than_five_times_the_usual_of_that_weekday(usual: int, today: int) -> None:
    figures = at(NOW, [*steady(usual), a_day(END, (9,), today)])
    expected = today > 5 * max(usual, LIMITS.surge_items)
    assert (surge(figures, LIMITS).verdict is Verdict.HOLDS) is expected


def test_a_surge_of_yesterday_stands_until_a_day_was_as_usual() -> None:
    days = [*steady(200), a_day(END, (9,), 5000)]
    tomorrow = END + timedelta(days=1)
    assert surge(at(moment(tomorrow, 9), days), LIMITS).verdict is Verdict.HOLDS
    after = at(moment(tomorrow + timedelta(days=1), 9), [*days, a_day(tomorrow, (9,), 200)])
    assert surge(after, LIMITS).verdict is Verdict.CLEAR


def test_a_sunday_is_compared_with_sundays() -> None:
    sunday = END - timedelta(days=1)
    figures = at(moment(sunday, 20), [*steady(200), a_day(sunday, (9,), 501)])
    finding = surge(figures, LIMITS)
    assert finding.verdict is Verdict.HOLDS
    assert finding.told["usual items"] == "0"


@pytest.mark.parametrize(("known", "verdict"), [(13, Verdict.UNKNOWN), (14, Verdict.HOLDS)])
def test_a_surge_needs_two_weeks_to_compare_with(known: int, verdict: Verdict) -> None:
    first = END - timedelta(days=known)
    days = [a_day(first + timedelta(days=after), (9,), 10) for after in range(known)]
    assert surge(at(NOW, [*days, a_day(END, (9,), 9999)]), LIMITS).verdict is verdict
