"""The Bloom filter of the EU's verifier applications, byte for byte.

Source: eu-digital-green-certificates/dgc-bloomfilter, `BloomFilterImpl` (version 1). Numbers are
big-endian: version (2 bytes), number of hash functions (1), hash function (1; 0 is SHA-256),
false-positive rate (float, 4), elements planned (4) and put in (4), words of 32 bits (4), the
words. The bit of the i-th hash function is SHA-256(element, i), taken as a signed number, modulo
the number of bits; the first bit of a word is its highest.
"""

import hashlib
import math
import struct
from collections.abc import Collection
from typing import Self

from vigie.errors import Rejected

_HEADER = struct.Struct(">hBBfiii")
_VERSION = 1
_SHA256 = 0
_WORD_BITS = 32
_WORD_BYTES = 4
_BYTE_BITS = 8
# One byte, which applications take as signed.
_MOST_FUNCTIONS = 127
# Applications count bits in a signed number of 32 bits.
_MOST_WORDS = (2**31 - 1) // _WORD_BITS


class BloomFilter:
    """A set that may take what is not in it for a member, at a known rate.

    Args:
        functions: how many bits an element sets.
        rate: the false-positive rate that it is made for.
        elements: how many are in it.
        bits: the words, big-endian.
    """

    def __init__(self, functions: int, rate: float, elements: int, bits: bytes | bytearray) -> None:
        self.functions = functions
        self.rate = rate
        self.elements = elements
        self._bits = bits
        self._size = len(bits) * _BYTE_BITS
        self._seeds = [bytes((number,)) for number in range(functions)]

    @classmethod
    def of(cls, hashes: Collection[bytes], rate: float) -> Self:
        """A filter of hashes, as large as the reference makes it.

        Args:
            hashes: at least one.
            rate: over 0 and under 1.

        Raises:
            Rejected: `filter-size` if applications could not read it.
        """
        count, rate = len(hashes), _single(rate)
        needed = math.ceil(count * math.log(rate) / math.log(1 / 2 ** math.log(2)))
        # The reference adds the remainder in words: three of them at most are too many.
        words = sum(divmod(needed // _BYTE_BITS + 1, _WORD_BYTES))
        functions = max(1, round(words * _WORD_BITS / count * math.log(2)))
        if words > _MOST_WORDS or functions > _MOST_FUNCTIONS:
            raise Rejected("filter-size", "the filter is larger than applications read")
        made = cls(functions, rate, count, bytearray(words * _WORD_BYTES))
        for each in hashes:
            made._add(each)
        return made

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a filter.

        Raises:
            Rejected: `filter-malformed`.
        """
        try:
            version, functions, hashed_by, rate, _, elements, words = _HEADER.unpack_from(content)
        except struct.error:
            raise _malformed() from None
        bits = content[_HEADER.size :]
        if (version, hashed_by) != (_VERSION, _SHA256) or len(bits) != words * _WORD_BYTES:
            raise _malformed()
        if not bits or not 1 <= functions <= _MOST_FUNCTIONS:
            raise _malformed()
        return cls(functions, rate, elements, bits)

    def write(self) -> bytes:
        """The filter as applications read it."""
        head = _HEADER.pack(
            _VERSION,
            self.functions,
            _SHA256,
            self.rate,
            self.elements,
            self.elements,
            len(self._bits) // _WORD_BYTES,
        )
        return head + self._bits

    def __contains__(self, element: bytes) -> bool:
        """Whether an element may be in it; never no for one that is."""
        bits, size = self._bits, self._size
        base = hashlib.sha256(element)
        for seed in self._seeds:
            hasher = base.copy()
            hasher.update(seed)
            place = int.from_bytes(hasher.digest(), "big", signed=True) % size
            if not bits[place >> 3] & 0x80 >> (place & 7):
                return False
        return True

    def _add(self, element: bytes) -> None:
        bits, size = self._bits, self._size
        assert isinstance(bits, bytearray)  # noqa: S101 - narrows the type
        base = hashlib.sha256(element)
        for seed in self._seeds:
            hasher = base.copy()
            hasher.update(seed)
            place = int.from_bytes(hasher.digest(), "big", signed=True) % size
            bits[place >> 3] |= 0x80 >> (place & 7)


def _single(rate: float) -> float:
    """The nearest number of single precision, which the reference computes with."""
    value: float = struct.unpack(">f", struct.pack(">f", rate))[0]
    return value


def _malformed() -> Rejected:
    return Rejected("filter-malformed", "not a Bloom filter of version 1")
