"""FINESS: the number by which France knows a health establishment."""

import re
from typing import Annotated

from pydantic import StringConstraints

# The department (2A and 2B in Corsica) and 7 digits.
FINESS_FORM = r"\d[\dAB]\d{7}"
_FINESS = re.compile(FINESS_FORM, re.ASCII)

Finess = Annotated[str, StringConstraints(pattern=rf"^{FINESS_FORM}$")]


def is_finess(text: str) -> bool:
    """Whether a text has the form of a FINESS: 9 characters."""
    return _FINESS.fullmatch(text) is not None


def check_digit_holds(finess: str) -> bool:
    """Whether the last digit is that of Luhn's algorithm over all nine.

    No rule is published: well-known numbers keep to it, and what Corsica's letters count is not
    known, so theirs always hold.
    """
    if not finess.isdecimal():
        return True
    doubled = (2 * int(digit) for digit in finess[-2::-2])
    plain = sum(int(digit) for digit in finess[-1::-2])
    return (plain + sum(each - 9 if each > 9 else each for each in doubled)) % 10 == 0  # noqa: PLR2004 - two digits
