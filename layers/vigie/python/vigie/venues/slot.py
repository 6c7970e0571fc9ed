"""Slots of thirty minutes, in which visits are counted and clusters are told of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from vigie.venues.ntp import from_ntp, ntp_seconds

SLOT_SECONDS = 1800
SLOTS_OF_DAY = 48
# How long a visit counts, and how long a phone remembers where it was.
RETENTION = timedelta(days=14)


def slot_of(seconds: int) -> int:
    """The number of the slot that an NTP time is in."""
    return seconds // SLOT_SECONDS


def start_of(slot: int) -> int:
    """When a slot begins, NTP seconds."""
    return slot * SLOT_SECONDS


def day_of(slot: int) -> tuple[date, int]:
    """The day (UTC) of a slot, and its place in it, 0 to 47."""
    return from_ntp(start_of(slot)).date(), slot % SLOTS_OF_DAY


def slot_on(day: date, place: int) -> int:
    """The slot at a place of a day (UTC)."""
    return slot_of(ntp_seconds(datetime(day.year, day.month, day.day, tzinfo=UTC))) + place


def oldest_day(now: datetime) -> date:
    """The first day (UTC) of which anything is kept."""
    return (now.astimezone(UTC) - RETENTION).date()
