"""Identifiers of the French health system: INS, RPPS."""

import re

_INS = re.compile(r"[1-478]\d{4}(?:\d\d|2A|2B)\d{6}\d\d", re.ASCII)
_RPPS = re.compile(r"\d{11}", re.ASCII)
_CORSICA = {"2A": "19", "2B": "18"}
_LUHN_BASE = 10
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def matricule_ins(text: str) -> str | None:
    """The matricule INS (NIR or NIA) with its key, 15 characters; None if it is none.

    The key is 97 - (number mod 97), with 19 for `2A` and 18 for `2B` (INSEE).
    """
    ins = "".join(text.split()).upper()
    if not _INS.fullmatch(ins):
        return None
    department = ins[5:7]
    number = ins[:5] + _CORSICA.get(department, department) + ins[7:13]
    return ins if 97 - int(number) % 97 == int(ins[13:]) else None


def rpps(text: str) -> str | None:
    """The RPPS number, 11 digits of which the last is a Luhn digit; None if it is none."""
    number = text.strip()
    return number if _RPPS.fullmatch(number) and _luhn(number) else None


def _luhn(digits: str) -> bool:
    pairs = enumerate(reversed(digits))
    total = sum(_LUHN_DOUBLED[int(digit)] if place % 2 else int(digit) for place, digit in pairs)
    return total % _LUHN_BASE == 0
