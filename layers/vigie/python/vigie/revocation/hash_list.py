"""The variable-length hash list of the EU's verifier applications.

Source: eu-digital-green-certificates/dgca-partialvarhashfilter, `PartialVariableHashFilter`
(version 1). Numbers are big-endian: version (2 bytes), false-positive rate (float, 4), elements
(4), bytes of each (1), and the first so many bytes of each hash, in the order of signed numbers.

The reference pads what begins with ones or zeroes in bits with zeroes, and so loses a hash that
begins with 0xff. Here each has its bytes as they are, which the reference reads. Its formula for
the bytes of each does not keep the rate; see `width_for`.
"""

import math
import struct
from collections.abc import Collection
from typing import Self

from vigie.errors import Rejected
from vigie.revocation.hashes import HASH_BYTES

_HEADER = struct.Struct(">hfib")
_VERSION = 1
# The least that the distribution service is configured for.
_FEWEST_BYTES = 4
_BYTE_BITS = 8
_HIGHEST_BIT = b"\x80"


class HashList:
    """The beginnings of hashes.

    Args:
        rate: the false-positive rate that it is made for.
        width: bytes of each.
        prefixes: one after another, in the order of their bytes.
    """

    def __init__(self, rate: float, width: int, prefixes: bytes) -> None:
        self.rate = rate
        self.width = width
        self.elements = len(prefixes) // width
        self._prefixes = prefixes

    @classmethod
    def of(cls, hashes: Collection[bytes], rate: float, *, known_bits: int = 0) -> Self:
        """A list with the fewest bytes that keep the rate.

        Args:
            hashes: of 16 bytes each.
            rate: over 0 and under 1.
            known_bits: how many leading bits all have in common with each other and with
                whatever is looked up, because the list is only asked about such hashes.
        """
        width = width_for(len(hashes), rate, known_bits)
        return cls(rate, width, b"".join(sorted({each[:width] for each in hashes})))

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a list, in whatever order it is.

        Raises:
            Rejected: `filter-malformed`.
        """
        try:
            version, rate, _, width = _HEADER.unpack_from(content)
        except struct.error:
            raise _malformed() from None
        prefixes = content[_HEADER.size :]
        if version != _VERSION or not 1 <= width <= HASH_BYTES or len(prefixes) % width:
            raise _malformed()
        return cls(rate, width, b"".join(sorted(_cut(prefixes, width))))

    def write(self) -> bytes:
        """The list as applications read it."""
        header = _HEADER.pack(_VERSION, self.rate, self.elements, self.width)
        # As signed numbers those with the highest bit come first.
        turn = self._place(_HIGHEST_BIT) * self.width
        return header + self._prefixes[turn:] + self._prefixes[:turn]

    def __contains__(self, hashed: bytes) -> bool:
        """Whether a hash of 16 bytes begins as one in the list."""
        prefix = hashed[: self.width]
        at = self._place(prefix) * self.width
        return self._prefixes[at : at + self.width] == prefix

    def _place(self, prefix: bytes) -> int:
        """How many come before a prefix."""
        prefixes, width = self._prefixes, self.width
        low, high = 0, self.elements
        while low < high:
            middle = (low + high) // 2
            if prefixes[middle * width : (middle + 1) * width] < prefix:
                low = middle + 1
            else:
                high = middle
        return low


def width_for(elements: int, rate: float, known_bits: int) -> int:
    """The fewest bytes of each hash, 4 to 16, that keep a false-positive rate.

    Another hash that shares `known_bits` leading bits begins as one of n in the list with a
    probability of n / 2^(8·width - known_bits) at most. So a partition of the whole needs no fewer
    bytes than the whole, whatever the reference takes off for it: what it knows of a hash is in
    the bytes that it keeps.
    """
    bits = math.log2(elements / rate) + known_bits
    return min(max(math.ceil(bits / _BYTE_BITS), _FEWEST_BYTES), HASH_BYTES)


def _cut(prefixes: bytes, width: int) -> list[bytes]:
    return [prefixes[at : at + width] for at in range(0, len(prefixes), width)]


def _malformed() -> Rejected:
    return Rejected("filter-malformed", "not a hash list of version 1")
