"""Points in time as laboratories write them: to the day or the second, with or without a zone."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

MIDDAY = 12
_SUNDAY = 6
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_PARTIAL = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


class Moment(NamedTuple):
    """A point in time and how much of it the sender said.

    Attributes:
        at: aware, UTC, whole seconds. Midday in France where only the day was given: it is the
            same day everywhere in Europe.
        timed: whether a time of day was given.
        zoned: whether a zone was given with that time; without one, French time is assumed.
    """

    at: datetime
    timed: bool
    zoned: bool


def moment(
    day: date, clock: tuple[int, int, int] | None = None, offset: int | None = None
) -> Moment:
    """The moment of a day, perhaps a time (hour, minute, second) and an offset in minutes.

    Raises:
        ValueError: there is no such time or offset.
    """
    hour, minute, second = clock or (MIDDAY, 0, 0)
    local = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - below
    zone = french_offset(local) if offset is None or clock is None else timedelta(minutes=offset)
    at = _in_utc(local, zone)
    return Moment(at, timed=clock is not None, zoned=clock is not None and offset is not None)


def iso_moment(text: str) -> Moment | None:
    """Read `YYYY-MM-DD[(T| )hh:mm[:ss[.f]][Z|±hh:mm]]` (ISO 8601, FHIR dateTime); None if not."""
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    try:
        return moment(date(int(year), int(month), int(day)), clock, offset_minutes(zone))
    except (ValueError, OverflowError):
        return None


def partial_date(text: str) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` as it is, if there is such a day, month or year."""
    if not _PARTIAL.fullmatch(text):
        return None
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return None
    return text


def offset_minutes(zone: str | None) -> int | None:
    """Minutes east of UTC of `Z`, `±hhmm` or `±hh:mm`; None for None or an empty text."""
    if not zone:
        return None
    if zone in {"Z", "z"}:
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return -minutes if zone[0] == "-" else minutes


def french_offset(local: datetime) -> timedelta:
    """Offset of Europe/Paris at a local time (Directive 2000/84/EC).

    Summer time runs from the last Sunday of March to the last Sunday of October, 01:00 UTC.
    Computed here because Lambda's runtime has no time zone database. The hour that occurs twice
    in October is taken as summer time.
    """
    begin = _last_sunday(local.year, 3) + timedelta(hours=2)
    end = _last_sunday(local.year, 10) + timedelta(hours=3)
    return timedelta(hours=2 if begin <= local < end else 1)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31)  # noqa: DTZ001 - a local time: both months have 31 days
    return last - timedelta(days=(last.weekday() - _SUNDAY) % 7)


def _in_utc(local: datetime, offset: timedelta) -> datetime:
    try:
        return local.replace(tzinfo=timezone(offset)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error
