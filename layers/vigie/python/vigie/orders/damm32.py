"""The check character of Damm's algorithm over base 32, as a quasigroup on GF(2^5).

A wrong character and two neighbours that changed places are always found.

Source: H. Michael Damm, "Total anti-symmetrische Quasigruppen" (2004); the modulus and mask of the
tokens of the NHS COVID-19 app, `doc/design/details/crockford-damm.md`.
"""

from collections.abc import Iterable
from functools import reduce

BASE = 32
# x^5 + x^2 + 1, without its highest term.
_MASK = 5


def damm32(digits: Iterable[int]) -> int:
    """The check digit of some digits, 0 to 31; 0 where the last of them is their check digit."""
    return reduce(_step, digits, 0)


def _step(interim: int, digit: int) -> int:
    doubled = (interim ^ digit) << 1
    return (doubled ^ _MASK) % BASE if doubled >= BASE else doubled
