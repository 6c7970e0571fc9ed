"""How old a person was when a specimen was taken."""

from datetime import date, datetime

from result_intake.moment import FRANCE

# What stands for a part of a birth date that is not known: the middle of the year, the first.
_UNKNOWN = "-07-01"
_FULL = len("YYYY-MM-DD")


def age_at(birth_date: str, sampled_at: datetime) -> int | None:
    """The age in completed years, by the calendar of France; None if born afterwards.

    Args:
        birth_date: ISO 8601, to the day, the month or the year; a person born on 29 February is a
            year older on 1 March.
        sampled_at: aware.
    """
    missing = _FULL - len(birth_date)
    born = date.fromisoformat(birth_date + (_UNKNOWN[-missing:] if missing else ""))
    day = sampled_at.astimezone(FRANCE).date()
    before_birthday = (day.month, day.day) < (born.month, born.day)
    age = day.year - born.year - before_birthday
    return age if age >= 0 else None
