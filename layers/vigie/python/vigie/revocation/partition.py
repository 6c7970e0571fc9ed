"""Where a revoked certificate stands among the slices of its signer.

Source: eu-digital-green-certificates/dgca-revocation-distribution-service (its views of the hashes
and `POINTLIMIT`, `VECTORLIMIT`). The first hexadecimal digits of a hash, x, y and z, say which
partition and which chunk of it. A chunk has one slice for each day of expiry.
"""

from enum import StrEnum
from typing import NamedTuple

_POINT_LIMIT = 1_000
_VECTOR_LIMIT = 16_000
_DIGIT_BITS = 4
# What a path says for the only partition of a signer in the mode POINT.
WHOLE = "null"


class Mode(StrEnum):
    """How the hashes of a signer are split: one partition, one for each x, or for each x and y."""

    POINT = "POINT"
    VECTOR = "VECTOR"
    COORDINATE = "COORDINATE"

    @property
    def partition_digits(self) -> int:
        """How many leading digits name the partition; the next one names the chunk."""
        return _PARTITION_DIGITS[self]

    @property
    def known_bits(self) -> int:
        """How many leading bits the hashes of a chunk have in common."""
        return (self.partition_digits + 1) * _DIGIT_BITS


_PARTITION_DIGITS = {Mode.POINT: 0, Mode.VECTOR: 1, Mode.COORDINATE: 2}


class Place(NamedTuple):
    """Where a hash stands.

    Attributes:
        partition: `null`, one digit or two.
        chunk: one digit.
    """

    partition: str
    chunk: str


def mode_for(hashes: int) -> Mode:
    """The mode for a signer with so many hashes."""
    if hashes <= _POINT_LIMIT:
        return Mode.POINT
    return Mode.VECTOR if hashes <= _VECTOR_LIMIT else Mode.COORDINATE


def place_of(hashed: bytes, mode: Mode) -> Place:
    """Where a hash stands."""
    digits = hashed[:2].hex()
    cut = mode.partition_digits
    return Place(digits[:cut] or WHOLE, digits[cut])
