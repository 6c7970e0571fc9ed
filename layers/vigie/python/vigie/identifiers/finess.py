"""FINESS: the number of a health establishment (fichier national des établissements)."""

import re

from vigie.identifiers.luhn import has_luhn_digit

_FINESS = re.compile(r"\d[\dAB]\d{7}", re.ASCII)


def finess(text: str) -> str | None:
    """A text as a FINESS number, 9 characters; None if it has not the form of one.

    The first two are the département, in Corsica `2A` or `2B`.
    """
    number = text.strip().upper()
    return number if _FINESS.fullmatch(number) else None


def has_finess_check_digit(number: str) -> bool:
    """Whether the last digit of a FINESS number is right (Luhn).

    No rule for the letters of Corsica is published: such a number is taken as right.
    """
    return not number.isdecimal() or has_luhn_digit(number)
