"""The check digit of Luhn (ISO/IEC 7812-1, annex B)."""

_BASE = 10
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def has_luhn_digit(digits: str) -> bool:
    """Whether the last of some decimal digits is the check digit of those before it."""
    pairs = enumerate(reversed(digits))
    total = sum(_DOUBLED[int(digit)] if place % 2 else int(digit) for place, digit in pairs)
    return total % _BASE == 0
