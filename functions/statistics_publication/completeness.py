"""How many of a day's results have usually come some days later."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

TOLD_DAYS = 14
# Days that are old enough for nearly all their results to have come, and recent enough to be alike.
_REFERENCE_DAYS = 28
_LEAST_RESULTS = 20
_DECIMALS = 3


def completeness(
    days: Mapping[date, Sequence[int]], published_on: date
) -> dict[date, float | None]:
    """The share of results that have usually come by the date of publication, for recent days.

    The days from 15 to 42 before publication tell how long results take. A result that is
    corrected counts from when its correction came.

    Args:
        days: by day of sampling, how many results came so many days later.
        published_on: the date of publication.

    Returns:
        For each of the 14 days before publication: from 0 to 1, or None where the reference days
        have fewer than 20 results.
    """
    delays = _reference(days, published_on)
    told = [published_on - timedelta(days=ago) for ago in range(TOLD_DAYS, 0, -1)]
    return {day: _arrived(delays, (published_on - day).days) for day in told}


def _reference(days: Mapping[date, Sequence[int]], published_on: date) -> list[int]:
    delays: list[int] = []
    for ago in range(TOLD_DAYS + 1, TOLD_DAYS + 1 + _REFERENCE_DAYS):
        for delay, results in enumerate(days.get(published_on - timedelta(days=ago), ())):
            delays += [0] * (delay + 1 - len(delays))
            delays[delay] += results
    return delays


def _arrived(delays: Sequence[int], age: int) -> float | None:
    """The share of results that come before a day has a certain age in days."""
    total = sum(delays)
    if total < _LEAST_RESULTS:
        return None
    return round(sum(delays[:age]) / total, _DECIMALS)
