"""France's public holidays, on which laboratories keep the hours of a Sunday."""

from datetime import date, timedelta

# Code du travail, article L3133-1: those of fixed date, and days after Easter Sunday.
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in the whole of France."""
    if (day.month, day.day) in _FIXED:
        return True
    return day - easter(day.year) in {timedelta(days=after) for after in _AFTER_EASTER}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    correction = (golden + 11 * moon + 22 * sunday) // 451
    month, before = divmod(moon + sunday - 7 * correction + 114, 31)
    return date(year, month, before + 1)
