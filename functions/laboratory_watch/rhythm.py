"""A laboratory's own week: in which of its hours files usually arrive.

Saturdays, Sundays, nights and lunch breaks need no rule: an hour in which nothing ever arrived
is not missed. A public holiday counts as a Sunday.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from laboratory_watch.holidays import is_holiday

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.inbox import LaboratoryDay

_SUNDAY = 6
_HOUR = timedelta(hours=1)


def weekday(day: date) -> int:
    """From 0, Monday, to 6, Sunday and public holidays."""
    return _SUNDAY if is_holiday(day) else day.weekday()


class _Slot(NamedTuple):
    weekday: int
    hour: int


class Rhythm:
    """How often files arrived in each hour of the week.

    Args:
        days: on which files arrived, in order; the first and the last of them bound what is
            known of the laboratory.
    """

    def __init__(self, days: Iterable[LaboratoryDay]) -> None:
        known = list(days)
        self.length = (known[-1].day - known[0].day).days + 1 if known else 0
        self._weekdays = Counter(weekday(day) for day in _between(known)) if known else Counter()
        self._slots = Counter(
            _Slot(weekday(each.day), hour) for each in known for hour in each.hours
        )

    def missed(self, after: datetime, until: datetime) -> float:
        """In how many hours files would usually have arrived between two moments.

        An hour in which they arrived every week counts as one, in every other week as a half.
        Only hours that lie between the moments as a whole are counted.

        Args:
            after: in the country's time.
            until: in the country's time.
        """
        hours = _whole_hours(after, until)
        return round(sum(self._usual(_Slot(weekday(at.date()), at.hour)) for at in hours), 6)

    def _usual(self, slot: _Slot) -> float:
        """The share of the days of its kind on which a file arrived in an hour."""
        days = self._weekdays[slot.weekday]
        return self._slots[slot] / days if days else 0.0


def _between(known: list[LaboratoryDay]) -> Iterator[date]:
    day = known[0].day
    while day <= known[-1].day:
        yield day
        day += timedelta(days=1)


def _whole_hours(after: datetime, until: datetime) -> Iterator[datetime]:
    """The hours of the clock that begin after a moment and end before another."""
    start = after.replace(minute=0, second=0, microsecond=0) + _HOUR
    while start + _HOUR <= until:
        yield start
        start += _HOUR
