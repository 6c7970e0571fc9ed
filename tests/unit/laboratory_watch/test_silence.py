"""A laboratory is silent by its own rhythm."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laboratory_watch.holidays import easter, is_holiday
from laboratory_watch.rhythm import weekday
from laboratory_watch.rules import Limits, Verdict, silence
from tests.unit.laboratory_watch.figures import MONDAY, WEEKS, a_day, at, moment, weeks

LIMITS = Limits()
END = MONDAY + timedelta(weeks=WEEKS)
OFFICE = tuple((day, hour) for day in range(5) for hour in range(8, 19))
EVENINGS = tuple((day, 18) for day in range(5))
SHORTEST = timedelta(hours=LIMITS.silence_hours)
SLOTS = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 23)), min_size=1, max_size=40)


def verdict(slots: tuple[tuple[int, int], ...], stopped: datetime, now: datetime) -> Verdict:
    return silence(at(now, weeks(slots, stopped)), LIMITS).verdict


@given(SLOTS, st.integers(0, 7 * 24 - 1))
def test_who_keeps_to_its_hours_is_never_silent(slots: set[tuple[int, int]], after: int) -> None:
    now = moment(END, 0) + timedelta(hours=after)
    assert verdict(tuple(slots), now, now) is not Verdict.HOLDS


@given(SLOTS)
def test_who_stops_is_silent_once_three_usual_hours_are_missed(
    slots: set[tuple[int, int]],
) -> None:
    stopped = moment(END, 0) - timedelta(minutes=1)
    days = weeks(tuple(slots), stopped)
    now, missed = moment(END, 0), 0
    while missed < LIMITS.silence_gaps or now - days[-1].last_at < SHORTEST:
        before = now
        missed += (weekday(now.date()), now.hour) in slots
        now += timedelta(hours=1)
    known = (days[-1].day - days[0].day).days + 1 >= LIMITS.history_days
    expected = Verdict.HOLDS if known else Verdict.UNKNOWN
    assert silence(at(now, days), LIMITS).verdict is expected
    assert silence(at(before, days), LIMITS).verdict is not Verdict.HOLDS


def test_a_week_end_is_no_silence_for_who_never_sends_then() -> None:
    friday = moment(END - timedelta(days=3), 19)
    assert verdict(OFFICE, friday, moment(END, 10)) is Verdict.CLEAR
    assert verdict(OFFICE, friday, moment(END, 11)) is Verdict.HOLDS


def test_a_holiday_is_no_silence_for_who_never_sends_on_sundays() -> None:
    eve = moment(date(2026, 12, 24), 19)
    assert verdict(OFFICE, eve, moment(date(2026, 12, 28), 10)) is Verdict.CLEAR


def test_who_sends_once_a_day_is_silent_after_three_of_its_days() -> None:
    friday = moment(END - timedelta(days=3), 19)
    assert verdict(EVENINGS, friday, moment(END + timedelta(days=2), 18)) is Verdict.CLEAR
    assert verdict(EVENINGS, friday, moment(END + timedelta(days=2), 19)) is Verdict.HOLDS


def test_who_is_hardly_known_is_not_judged() -> None:
    days = [a_day(MONDAY + timedelta(days=day), range(24)) for day in range(10)]
    now = moment(MONDAY + timedelta(days=12), 0)
    assert silence(at(now, days), LIMITS).verdict is Verdict.UNKNOWN
    assert silence(at(now), LIMITS).verdict is Verdict.UNKNOWN


def test_what_is_told_says_since_when() -> None:
    finding = silence(at(moment(END, 11), weeks(OFFICE, moment(END, 1))), LIMITS)
    assert finding.told == {
        "last file": "2026-12-04 18:30+01:00",
        "silent for": "64 hours",
        "usual hours missed": "3.0",
    }


@pytest.mark.parametrize(
    "sunday",
    [date(2000, 4, 23), date(2008, 3, 23), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)],
)
def test_easter_is_when_it_is(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_a_year_has_eleven_holidays() -> None:
    days = (date(2026, 1, 1) + timedelta(days=after) for after in range(365))
    holidays = {day.isoformat()[5:] for day in days if is_holiday(day)}
    assert len(holidays) == 11
    assert {"04-06", "05-14", "05-25"} < holidays
