"""Figures of invented laboratories."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from laboratory_watch.rhythm import weekday
from laboratory_watch.rules import Arrival, Figures
from vigie.inbox import EntryOutcome, FileSummary, LaboratoryDay

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

PARIS = ZoneInfo("Europe/Paris")
# Five weeks without a change of the clock; 11 November is a holiday, a Wednesday.
MONDAY = date(2026, 11, 2)
WEEKS = 5


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day in France."""
    return datetime.combine(day, time(hour, minute), PARIS)


def a_day(day: date, hours: Iterable[int], items: int = 10) -> LaboratoryDay:
    """A day on which a file arrived at half past each of some hours."""
    ordered = tuple(sorted(hours))
    return LaboratoryDay(
        day=day,
        files=len(ordered),
        unreadable=0,
        items=items,
        rejected=0,
        hours=ordered,
        last_at=moment(day, ordered[-1], 30),
    )


def weeks(slots: Collection[tuple[int, int]], until: datetime) -> tuple[LaboratoryDay, ...]:
    """Days of a laboratory that keeps to hours of the week, up to a moment.

    Args:
        slots: weekday and hour of each file.
        until: when it stops.
    """
    days = []
    for after in range((until.date() - MONDAY).days + 1):
        day = MONDAY + timedelta(days=after)
        at = [hour for of, hour in slots if of == weekday(day)]
        hours = [hour for hour in at if moment(day, hour, 30) <= until]
        if hours:
            days.append(a_day(day, hours))
    return tuple(days)


def at(now: datetime, days: Iterable[LaboratoryDay] = (), *arrivals: Arrival) -> Figures:
    """The figures of a moment."""
    return Figures(now, tuple(days), arrivals)


def arrival(moment_: datetime, content: str = "a", **counts: int) -> Arrival:
    """A file that was answered, with its items by outcome."""
    outcomes: Mapping[EntryOutcome, int] = {
        EntryOutcome(name): number for name, number in counts.items()
    }
    return Arrival(moment_, FileSummary(counts=outcomes, content=content))


def unreadable(moment_: datetime) -> Arrival:
    """A file that could not be read at all."""
    return Arrival(moment_, FileSummary(counts={}, unreadable=("format-unknown",)))
