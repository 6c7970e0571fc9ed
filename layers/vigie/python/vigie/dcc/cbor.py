"""Reading of CBOR (RFC 8949) that comes from outside, within bounds.

A general decoder builds an object for each tag that it knows: decimals, rational
numbers, regular expressions, shared references. A certificate needs none of them,
and a hostile one could use them; here a tag stays a tag.
"""

import struct
from dataclasses import dataclass
from typing import TypeAlias

from vigie.dcc.errors import DecodingError

Value: TypeAlias = (
    "int | float | str | bytes | bool | list[Value] | dict[int | str, Value] | Tagged | None"
)

MAX_DEPTH = 16
MAX_ITEMS = 4096

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_INDEFINITE = 31
_BREAK = 0xFF
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE_VALUES = {20: False, 21: True, 22: None, 23: None}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag and what it stands before (RFC 8949 section 3.4)."""

    number: int
    value: Value


def loads(data: bytes) -> Value:
    """Read one item that fills `data`.

    Raises:
        DecodingError: `cbor-truncated`, `cbor-trailing`, `cbor-depth` (more than 16
            levels), `cbor-size` (more than 4,096 items), `cbor-key` (neither text nor
            integer, or twice the same), `cbor-text` (not UTF-8) or `cbor-type`.
    """
    reader = _Reader(data)
    value = reader.item(0)
    if reader.position != len(data):
        raise DecodingError("cbor-trailing", "bytes follow the item", place=reader.place)
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._items = 0
        self.position = 0

    @property
    def place(self) -> str:
        return f"byte {self.position}"

    def item(self, depth: int) -> Value:
        self._items += 1
        if depth > MAX_DEPTH:
            raise DecodingError("cbor-depth", "too many levels", place=self.place)
        if self._items > MAX_ITEMS:
            raise DecodingError("cbor-size", "too many items", place=self.place)
        initial = self._take(1)[0]
        major, information = initial >> 5, initial & 0x1F
        if major == _SIMPLE:
            return self._simple(information)
        if information == _INDEFINITE:
            return self._indefinite(major, depth)
        return self._definite(major, self._argument(information), depth)

    def _definite(self, major: int, argument: int, depth: int) -> Value:
        if major in {_UNSIGNED, _NEGATIVE}:
            return argument if major == _UNSIGNED else -1 - argument
        if major == _BYTES:
            return self._take(argument)
        if major == _TEXT:
            return self._text(self._take(argument))
        if major == _TAG:
            return Tagged(argument, self.item(depth + 1))
        # An item takes a byte at least: a length beyond the data is refused at once.
        if argument > len(self._data):
            raise DecodingError("cbor-truncated", "the data ends early", place=self.place)
        return self._container(major, argument, depth)

    def _container(self, major: int, length: int, depth: int) -> Value:
        if major == _ARRAY:
            return [self.item(depth + 1) for _ in range(length)]
        pairs: dict[int | str, Value] = {}
        for _ in range(length):
            self._pair(pairs, depth)
        return pairs

    def _indefinite(self, major: int, depth: int) -> Value:
        if major == _ARRAY:
            items: list[Value] = []
            while not self._ends():
                items.append(self.item(depth + 1))
            return items
        if major == _MAP:
            pairs: dict[int | str, Value] = {}
            while not self._ends():
                self._pair(pairs, depth)
            return pairs
        if major not in {_BYTES, _TEXT}:
            raise DecodingError("cbor-type", "a type has no indefinite form", place=self.place)
        chunks = bytearray()
        while not self._ends():
            initial = self._take(1)[0]
            if initial >> 5 != major or initial & 0x1F == _INDEFINITE:
                raise DecodingError("cbor-type", "a chunk has another type", place=self.place)
            chunks += self._take(self._argument(initial & 0x1F))
        return bytes(chunks) if major == _BYTES else self._text(bytes(chunks))

    def _pair(self, pairs: dict[int | str, Value], depth: int) -> None:
        place = self.place
        key = self.item(depth + 1)
        if isinstance(key, bool) or not isinstance(key, int | str):
            raise DecodingError("cbor-key", "a key is neither text nor integer", place=place)
        if key in pairs:
            raise DecodingError("cbor-key", "a key stands twice", place=place)
        pairs[key] = self.item(depth + 1)

    def _simple(self, information: int) -> Value:
        if information in _FLOATS:
            (number,) = struct.unpack(_FLOATS[information], self._take(_WIDTHS[information]))
            return float(number)
        if information in _SIMPLE_VALUES:
            return _SIMPLE_VALUES[information]
        raise DecodingError("cbor-type", "a simple value is not known", place=self.place)

    def _argument(self, information: int) -> int:
        if information < min(_WIDTHS):
            return information
        if information not in _WIDTHS:
            raise DecodingError("cbor-type", "a reserved length", place=self.place)
        return int.from_bytes(self._take(_WIDTHS[information]), "big")

    def _ends(self) -> bool:
        if self._data[self.position : self.position + 1] != bytes((_BREAK,)):
            return False
        self.position += 1
        return True

    def _take(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self._data):
            raise DecodingError("cbor-truncated", "the data ends early", place=self.place)
        taken = self._data[self.position : end]
        self.position = end
        return taken

    def _text(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise DecodingError("cbor-text", "a text is not UTF-8", place=self.place) from None
