"""Ages are those of the day of sampling, by the calendar of France."""

from datetime import UTC, datetime

import pytest

from result_intake.age import age_at

SAMPLED = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        ("1996-11-24", 30),
        ("1996-11-25", 29),
        ("2026-11-24", 0),
        ("2027-01-01", None),
        ("1996-11", 30),
        ("1996-12", 29),
        ("1996", 30),
        ("1926-11-24", 100),
    ],
)
def test_a_year_is_completed_on_the_birthday(birth_date: str, expected: int | None) -> None:
    assert age_at(birth_date, SAMPLED) == expected


def test_the_day_is_that_of_france() -> None:
    evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert age_at("1996-11-24", evening) == 30


def test_who_is_born_on_29_february_is_older_on_1_march() -> None:
    assert age_at("2004-02-29", datetime(2026, 2, 28, 9, tzinfo=UTC)) == 21
    assert age_at("2004-02-29", datetime(2026, 3, 1, 9, tzinfo=UTC)) == 22
