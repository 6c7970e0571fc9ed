"""Times and dates in HL7 notation (v2.5.1 §2.A.76 TS, §2.A.22 DTM)."""

import re
from datetime import date

from result_intake.moment import Moment, moment, offset_minutes, partial_date

_TIME = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?)?([+-]\d{4})?", re.ASCII
)
_DATE = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)\d*(?:\.\d+)?(?:[+-]\d{4})?)?)?", re.ASCII)
_ZONE = re.compile(r"[+-]\d{4}", re.ASCII)
_LENGTH_OF_ZONE = 5


def read_moment(text: str, default_zone: int | None) -> Moment | None:
    """Read `YYYYMMDD[HH[MM[SS[.S[S[S[S]]]]]]][±ZZZZ]`; None if it is no day or time.

    Args:
        text: of the first component.
        default_zone: minutes east of UTC that MSH-7 gives for the whole message (§2.15.9.7).
    """
    found = _TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    clock = (int(hour), int(minute or 0), int(second or 0)) if hour else None
    offset = default_zone if zone is None else offset_minutes(zone)
    try:
        return moment(date(int(year), int(month), int(day)), clock, offset)
    except (ValueError, OverflowError):
        return None


def zone_of(text: str) -> int | None:
    """Minutes east of UTC at the end of a time; None if it has no zone."""
    found = _ZONE.fullmatch(text[-_LENGTH_OF_ZONE:])
    return offset_minutes(found[0]) if found else None


def read_birth_date(text: str) -> str | None:
    """Read `YYYY[MM[DD]]`, a time after it ignored; `00` stands for an unknown month or day.

    None if there is no such day.
    """
    if len(text) == len("20000101") and text.isascii() and text.isdigit() and "00" not in text[4:]:
        return partial_date(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    found = _DATE.fullmatch(text)
    if not found:
        return None
    parts = [found[1]]
    for part in (found[2], found[3]):
        if part is None or part == "00":
            break
        parts.append(part)
    return partial_date("-".join(parts))
