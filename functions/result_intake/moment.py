"""Points in time as laboratories write them: to the day or the second, with or without a zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

FRANCE = ZoneInfo("Europe/Paris")
MIDDAY = (12, 0, 0)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
# To the second and with a zone: read by the standard library in a third of the time.
_USUAL_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII)
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
    day: date,
    clock: tuple[int, int, int] | None = None,
    offset: int | None = None,
    local: ZoneInfo | None = None,
) -> Moment:
    """The moment of a day, perhaps a time (hour, minute, second) and an offset in minutes.

    Without an offset it is in the zone `local`, else in French time.

    The hour that occurs twice in October is taken as summer time.

    Raises:
        ValueError: there is no such time or offset.
    """
    zoned = clock is not None and offset is not None
    zone = _zone(offset or 0) if zoned else local or FRANCE
    at = _in_utc(datetime.combine(day, time(*(clock or MIDDAY)), zone))
    return Moment(at, timed=clock is not None, zoned=zoned)


@lru_cache(maxsize=64)
def _zone(offset: int) -> timezone:
    return timezone(timedelta(minutes=offset))


def iso_moment(text: str) -> Moment | None:
    """Read `YYYY-MM-DD[(T| )hh:mm[:ss[.f]][Z|±hh:mm]]` (ISO 8601, FHIR dateTime); None if not."""
    if _USUAL_ISO.fullmatch(text):
        return _usual_moment(text)
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    try:
        return moment(date(int(year), int(month), int(day)), clock, offset_minutes(zone))
    except (ValueError, OverflowError):
        return None


def _usual_moment(text: str) -> Moment | None:
    try:
        return Moment(datetime.fromisoformat(text).astimezone(UTC), timed=True, zoned=True)
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


def _in_utc(local: datetime) -> datetime:
    try:
        return local.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error
