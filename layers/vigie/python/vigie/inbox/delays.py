"""How long after its sampling a test was reported, as a histogram of fixed buckets."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

# Upper bounds of the buckets, in hours; the last one takes whatever is longer, too.
BOUNDS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 72, 96, 168, 336)
_LOWER = {upper: lower for lower, upper in pairwise((0, *BOUNDS))}


def bucket(delay: timedelta) -> int:
    """The upper bound, in hours, of the bucket of a delay; one that is negative is in the first."""
    hours = delay.total_seconds() / 3600
    return BOUNDS[min(bisect_left(BOUNDS, hours), len(BOUNDS) - 1)]


def median_hours(delays: Mapping[int, int]) -> float | None:
    """The delay that half of the tests stay below, taken as even within its bucket.

    Args:
        delays: number of tests by the upper bound of their bucket.

    Returns:
        Hours; None without a test.
    """
    half = sum(delays.values()) / 2
    passed = 0
    for upper in sorted(delays):
        number = delays[upper]
        if number and passed + number >= half:
            lower = _LOWER.get(upper, 0)
            return lower + (upper - lower) * (half - passed) / number
        passed += number
    return None


def share_within(delays: Mapping[int, int], hours: int) -> float | None:
    """The share, from 0 to 1, of the tests that were reported within a bound of `BOUNDS`.

    Args:
        delays: number of tests by the upper bound of their bucket.
        hours: one of `BOUNDS`.

    Returns:
        None without a test.
    """
    tests = sum(delays.values())
    if not tests:
        return None
    return sum(number for upper, number in delays.items() if upper <= hours) / tests
