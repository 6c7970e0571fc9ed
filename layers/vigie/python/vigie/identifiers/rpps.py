"""RPPS: the number of a health professional (répertoire partagé des professionnels de santé)."""

import re

from vigie.identifiers.luhn import has_luhn_digit

_RPPS = re.compile(r"\d{11}", re.ASCII)


def rpps(text: str) -> str | None:
    """A text as a RPPS number, 11 digits; None if it has not the form of one."""
    number = text.strip()
    return number if _RPPS.fullmatch(number) else None


def has_rpps_check_digit(number: str) -> bool:
    """Whether the last digit of a RPPS number is right (Luhn)."""
    return has_luhn_digit(number)
