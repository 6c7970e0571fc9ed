"""Times and dates of CSV, read by patterns that a layout gives as data.

A pattern is `iso` (ISO 8601, `YYYY-MM-DD[Thh:mm[:ss[.f]][Z|±hh:mm]]`), or made of `yyyy`, `yy`
(of this century), `MM`, `dd`, `HH`, `mm`, `ss` (so many digits), `M`, `d`, `H` (one digit or
two), `z` (the name of a zone), `Z` (`±hhmm`, `±hh:mm` or `Z`), brackets around what may be
absent, and anything else for itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from result_intake.moment import Moment, iso_moment, moment, offset_minutes, partial_date

ISO = "iso"
_CENTURY = 2000
_TOKENS = re.compile(r"yyyy|yy|MM|M|dd|d|HH|H|mm|ss|z|Z|\[|\]|.", re.DOTALL)
_WRITTEN = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short_year>\d\d)",
    "MM": r"(?P<month>\d\d)",
    "M": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d\d)",
    "d": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d\d)",
    "H": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d\d)",
    "ss": r"(?P<second>\d\d)",
    "z": r"(?P<zone>[A-Za-z]{1,5})",
    "Z": r"(?P<offset>[+-]\d\d:?\d\d|Z)",
    "[": "(?:",
    "]": ")?",
}

TimeReader: TypeAlias = Callable[[str], Moment | None]
DateReader: TypeAlias = Callable[[str], str | None]


class TimeNotation(NamedTuple):
    """How a layout writes times.

    Attributes:
        patterns: tried in their order.
        time_zone: IANA name of the zone of times without one; None if the layout does not say.
        zones: minutes east of UTC of each name of a zone, in small letters.
    """

    patterns: tuple[str, ...]
    time_zone: str | None
    zones: Mapping[str, int]


def check_pattern(pattern: str) -> None:
    """Refuse what is no pattern.

    Raises:
        ValueError: a part stands twice, the day is incomplete, or brackets do not match.
    """
    if pattern == ISO:
        return
    try:
        groups = set(_compiled(pattern).groupindex)
    except re.error:
        raise ValueError("a pattern of time is malformed") from None
    if not groups & {"year", "short_year"} or not {"month", "day"} <= groups:
        raise ValueError("a pattern of time has a year, a month and a day")


def time_reader(notation: TimeNotation) -> TimeReader:
    """Reads times of a notation; None for what is none."""
    readers = [_moment_reader(pattern, notation) for pattern in notation.patterns]

    def read(text: str) -> Moment | None:
        for reader in readers:
            if (found := reader(text)) is not None:
                return found
        return None

    return read


def date_reader(patterns: Iterable[str]) -> DateReader:
    """Reads birth dates of some patterns to `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None if none."""
    readers = [partial_date if each == ISO else _date_reader(each) for each in patterns]

    def read(text: str) -> str | None:
        for reader in readers:
            if (found := reader(text)) is not None:
                return found
        return None

    return read


def _date_reader(pattern: str) -> DateReader:
    match = _compiled(pattern).fullmatch

    def read(text: str) -> str | None:
        found = match(text)
        if found is None:
            return None
        try:
            return _day(found.groupdict()).isoformat()
        except ValueError:
            return None

    return read


def _moment_reader(pattern: str, notation: TimeNotation) -> TimeReader:
    if pattern == ISO:
        return iso_moment
    match = _compiled(pattern).fullmatch
    # The notation defines its zone: nothing is assumed.
    zone = ZoneInfo(notation.time_zone) if notation.time_zone else None

    def read(text: str) -> Moment | None:
        found = match(text)
        if found is None:
            return None
        parts = found.groupdict()
        name = (parts.get("zone") or "").casefold()
        if name and name not in notation.zones:
            return None
        try:
            offset = notation.zones.get(name, offset_minutes(parts.get("offset")))
            read = moment(_day(parts), _clock(parts), offset, zone)
        except (ValueError, OverflowError):
            return None
        return read._replace(zoned=read.timed) if zone else read

    return read


def _day(parts: Mapping[str, str | None]) -> date:
    short = parts.get("short_year")
    year = _CENTURY + int(short) if short else int(parts["year"] or 0)
    return date(year, int(parts["month"] or 0), int(parts["day"] or 0))


def _clock(parts: Mapping[str, str | None]) -> tuple[int, int, int] | None:
    hour = parts.get("hour")
    if hour is None:
        return None
    return int(hour), int(parts.get("minute") or 0), int(parts.get("second") or 0)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    tokens = _TOKENS.findall(pattern)
    return re.compile("".join(_WRITTEN.get(each, re.escape(each)) for each in tokens), re.ASCII)


def minutes_of(offset: str) -> int:
    """Minutes east of UTC of `±hh:mm`."""
    return offset_minutes(offset) or 0
