"""Times with and without zones, and French time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.moment import iso_moment, moment, partial_date


@pytest.mark.parametrize(
    ("written", "at", "timed", "zoned"),
    [
        ("2022-01-10", datetime(2022, 1, 10, 11, tzinfo=UTC), False, False),
        ("2022-01-10T09:30", datetime(2022, 1, 10, 8, 30, tzinfo=UTC), True, False),
        ("2022-07-10 09:30:15", datetime(2022, 7, 10, 7, 30, 15, tzinfo=UTC), True, False),
        ("2022-01-10T09:30:15.123Z", datetime(2022, 1, 10, 9, 30, 15, tzinfo=UTC), True, True),
        ("2022-01-10T09:30:00-05:00", datetime(2022, 1, 10, 14, 30, tzinfo=UTC), True, True),
        ("2022-01-10T09:30:00+0545", datetime(2022, 1, 10, 3, 45, tzinfo=UTC), True, True),
    ],
)
def test_iso_moment(written: str, at: datetime, timed: bool, zoned: bool) -> None:  # noqa: FBT001 - parameters of cases
    assert iso_moment(written) == (at, timed, zoned)


@pytest.mark.parametrize(
    "written",
    ["", "2022-01", "2022-02-30", "2022-01-10T25:00", "2022-01-10T09:30:00+99:00",
     "10/01/2022", "0001-01-01T00:00:00+14:00", "2022-01-10T09", "٢٠٢٢-01-10"],
)  # fmt: skip
def test_what_is_no_time_is_none(written: str) -> None:
    assert iso_moment(written) is None


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_day_alone_is_midday_of_that_day(day: date) -> None:
    found = moment(day)
    assert found.at.date() == day
    assert (found.at + timedelta(hours=3)).date() == day


@pytest.mark.parametrize(
    ("written", "sound"),
    [("1990", True), ("1990-12", True), ("1992-02-29", True),
     ("1990-13", False), ("1991-02-29", False), ("90", False), ("", False)],
)  # fmt: skip
def test_partial_date(written: str, sound: bool) -> None:  # noqa: FBT001 - a parameter of cases
    assert (partial_date(written) == written) is sound


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("2024-03-31T01:59", 1),
        ("2024-03-31T03:00", 2),
        ("2021-10-31T01:59", 2),
        ("2021-10-31T02:30", 2),
        ("2021-10-31T03:00", 1),
        ("2022-03-27T03:00", 2),
    ],
)
def test_a_time_without_a_zone_is_french_with_its_summer_time(written: str, hours: int) -> None:
    zoned = iso_moment(f"{written}+0{hours}:00")
    without = iso_moment(written)
    assert zoned is not None
    assert without is not None
    assert (without.at, without.zoned) == (zoned.at, False)
