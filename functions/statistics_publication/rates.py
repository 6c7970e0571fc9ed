"""Incidence, positivity and screening over seven days, as France published them."""

from datetime import date, timedelta

from statistics_publication.day_counts import Counts
from vigie.statistics.published import Rates, Window

DAYS = 7
_FIRST_BEFORE = timedelta(days=9)
_LAST_BEFORE = timedelta(days=3)
_INHABITANTS = 100_000
# Two decimals.
_SCALE = 100


def window(published_on: date) -> Window:
    """The seven days that are told on a day: later ones lack too many results (data.gouv.fr)."""
    return Window(first=published_on - _FIRST_BEFORE, last=published_on - _LAST_BEFORE)


def rates(counts: Counts, pop: int | None) -> Rates:
    """The rates of what was counted in seven days.

    Args:
        counts: of all seven days.
        pop: inhabitants, if they are known.
    """
    return Rates(
        pop=pop,
        tests=counts.tests,
        positives=counts.positives,
        P=counts.P,
        T=counts.T,
        Ti=share(counts.P, pop, _INHABITANTS),
        Tp=share(counts.P, counts.T, 100),
        Td=share(counts.T, pop, _INHABITANTS),
    )


def share(part: int, whole: int | None, per: int) -> float | None:
    """A part for so many of the whole, to two decimals; None where the whole is not known or none.

    Half is rounded away from zero, whatever binary fractions make of it.
    """
    if not whole:
        return None
    return (2 * part * per * _SCALE + whole) // (2 * whole) / _SCALE
