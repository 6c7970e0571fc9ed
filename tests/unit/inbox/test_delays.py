"""How long laboratories take from sampling to report."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.inbox.delays import BOUNDS, bucket, median_hours, share_within

HOURS = st.lists(st.floats(0, BOUNDS[-1]), min_size=1)


def histogram(hours: list[float]) -> Counter[int]:
    return Counter(bucket(timedelta(hours=each)) for each in hours)


@pytest.mark.parametrize(
    ("hours", "upper"), [(-5, 1), (0, 1), (1, 1), (1.5, 2), (24, 24), (24.1, 30), (9999, 336)]
)
def test_a_delay_is_in_the_bucket_that_ends_with_it_or_after(hours: float, upper: int) -> None:
    assert bucket(timedelta(hours=hours)) == upper


@given(HOURS)
def test_the_median_is_in_the_bucket_of_the_middle(hours: list[float]) -> None:
    found = median_hours(histogram(hours))
    assert found is not None
    ordered = sorted(hours)
    lower, upper = ordered[(len(hours) - 1) // 2], ordered[len(hours) // 2]
    assert min([0, *(b for b in BOUNDS if b < lower)], key=lambda b: lower - b) <= found
    assert found <= bucket(timedelta(hours=upper))


def test_the_median_of_an_even_bucket_is_its_middle() -> None:
    assert median_hours(histogram([12.5, 13, 13.5, 14, 14.5])) == pytest.approx(13.5)
    assert median_hours(histogram([2, 2, 30, 30, 30])) == pytest.approx(24 + 6 / 6)
    assert median([12.5, 13, 13.5, 14, 14.5]) == 13.5


@given(HOURS)
def test_the_share_within_a_day_is_exact(hours: list[float]) -> None:
    exact = sum(each <= 24 for each in hours) / len(hours)
    assert share_within(histogram(hours), 24) == pytest.approx(exact)


def test_nothing_has_no_median_and_no_share() -> None:
    assert median_hours({}) is None
    assert share_within({}, 24) is None
