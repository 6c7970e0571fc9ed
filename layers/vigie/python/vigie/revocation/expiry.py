"""Until when a slice counts: fewer times of expiry make fewer slices."""

from collections.abc import Iterable, Mapping
from datetime import datetime

# A signer has 4,096 chunks at most, and so 65,536 slices: what lists them stays under 4 MB packed.
MOST_ENDS = 16


def shared_ends(ends: Iterable[datetime]) -> Mapping[datetime, datetime]:
    """When the slices expire that what is revoked goes into, by when it expires itself.

    That is at the month's end. Of more than 16 months the later ones share the last: nothing that
    is revoked is let through, and a certificate that has expired is refused for that.

    Args:
        ends: aware.
    """
    months = {end: end_of_month(end) for end in ends}
    distinct = sorted(set(months.values()))
    shared = dict.fromkeys(distinct[MOST_ENDS - 1 :], distinct[-1]) if distinct else {}
    return {end: shared.get(month, month) for end, month in months.items()}


def end_of_month(moment: datetime) -> datetime:
    """The first beginning of a month that is not before a moment."""
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if first == moment:
        return first
    if moment.month == 12:  # noqa: PLR2004 - December
        return first.replace(year=moment.year + 1, month=1)
    return first.replace(month=moment.month + 1)
