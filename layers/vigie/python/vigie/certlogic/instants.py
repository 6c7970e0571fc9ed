"""Dates and date-times of expressions: read with an offset or without, kept in UTC.

Source: the specification's sections on `plusTime` and `dccDateOfBirth`; months and years
are added as JavaScript's Date does it.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

from vigie.certlogic.errors import CertLogicError

UNITS = ("year", "month", "day", "hour")

_MONTHS = 12
_MILLISECOND = 1000
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,32}))?"
    r"(?:Z|([+-])([0-9]{1,2}):?([0-9]{2})?)?"
)


def plus_time(text: str, amount: int, unit: str) -> datetime:
    """The instant that lies an amount of a unit after a date or date-time.

    Raises:
        CertLogicError: `date-time` if the text is none, or the result is beyond the year 9999.
    """
    instant = _instant(text)
    try:
        if unit == "hour":
            return instant + timedelta(hours=amount)
        if unit == "day":
            return instant + timedelta(days=amount)
        return _plus_months(instant, amount if unit == "month" else _MONTHS * amount)
    except (OverflowError, ValueError):
        raise CertLogicError("date-time", "a date-time is out of range") from None


def date_of_birth(text: str) -> datetime:
    """The last day that fits a date of birth `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, at midnight.

    Raises:
        CertLogicError: `date-time` if the text is no such date.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise CertLogicError("date-time", "a text is not a date of an allowed form")
    year, month = int(match[1]), int(match[2] or _MONTHS)
    try:
        day = int(match[3]) if match[3] else monthrange(year, month)[1]
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise CertLogicError("date-time", "a date does not exist") from None


def _instant(text: str) -> datetime:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return date_of_birth(text)
    year, month, day, hour, minute, second = [int(match[group]) for group in range(1, 7)]
    try:
        zone = _zone(*match.group(8, 9, 10))
        microsecond = _microseconds(match[7])
        instant = datetime(year, month, day, hour, minute, second, microsecond, zone)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CertLogicError("date-time", "a date-time does not exist") from None


def _microseconds(decimals: str | None) -> int:
    """Decimals of a second, cut after the millisecond."""
    return int((decimals or "").ljust(3, "0")[:3]) * _MILLISECOND


def _zone(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    if hours is None:
        return UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)


def _plus_months(instant: datetime, months: int) -> datetime:
    """Add months; a day that the month does not have runs over into the next one."""
    years, month = divmod(instant.month - 1 + months, _MONTHS)
    first = instant.replace(year=instant.year + years, month=month + 1, day=1)
    return first + timedelta(days=instant.day - 1)
