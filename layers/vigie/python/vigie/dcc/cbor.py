"""Reading of CBOR (RFC 8949) that comes from outside, within bounds; writing of byte strings.

A general decoder builds an object for each tag that it knows: decimals, rational
numbers, regular expressions, shared references. A certificate needs none of them,
and a hostile one could use them; here a tag stays a tag.

Each reading function takes the data and a place in it, and gives what it read with the
place behind: a verifier reads fifty items for each certificate, and this is the form
in which Python does it fastest.
"""

import struct
from dataclasses import dataclass
from typing import TypeAlias

from vigie.dcc.errors import DecodingError

Value: TypeAlias = (
    "int | float | str | bytes | bool | list[Value] | dict[int | str, Value] | Tagged | None"
)

# An item takes a byte at least: what can be read is bounded by the length of the data.
MAX_BYTES = 64 * 1024
MAX_ENTRIES = 4095
MAX_DEPTH = 16

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_INDEFINITE = 31
_BREAK = 0xFF
_ONE_BYTE, _TWO_BYTES, _FOUR_BYTES, _EIGHT_BYTES = range(24, 28)
_SHORT_TEXT = _TEXT << 5
_LONGER_TEXT = _SHORT_TEXT | _ONE_BYTE
_WIDTHS = {_ONE_BYTE: 1, _TWO_BYTES: 2, _FOUR_BYTES: 4, _EIGHT_BYTES: 8}
_FLOATS = {_TWO_BYTES: ">e", _FOUR_BYTES: ">f", _EIGHT_BYTES: ">d"}
_SIMPLE_VALUES = {20: False, 21: True, 22: None, 23: None}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag and what it stands before (RFC 8949 section 3.4)."""

    number: int
    value: Value


def loads(data: bytes) -> Value:
    """Read one item that fills `data`.

    Raises:
        DecodingError: `cbor-truncated`, `cbor-trailing`, `cbor-size` (more than 64 KiB, or
            more than 4,095 entries in an array or map), `cbor-depth` (more than 16 levels
            of arrays, maps and tags), `cbor-key` (neither text nor integer, or twice the
            same), `cbor-text` (not UTF-8) or `cbor-type`.
    """
    if len(data) > MAX_BYTES:
        raise DecodingError("cbor-size", "more than 64 KiB")
    try:
        value, end = _item(data, 0, 0)
    except IndexError:
        raise _truncated(len(data)) from None
    except UnicodeDecodeError:
        raise DecodingError("cbor-text", "a text is not UTF-8") from None
    if end > len(data):
        raise _truncated(len(data))
    if end < len(data):
        raise DecodingError("cbor-trailing", "bytes follow the item", place=_place(end))
    return value


def byte_string(data: bytes) -> bytes:
    """Write a byte string in its shortest form (RFC 8949 section 4.2.1)."""
    length = len(data)
    if length < _ONE_BYTE:
        return bytes((_BYTES << 5 | length,)) + data
    information = _ONE_BYTE
    while length >> 8 * _WIDTHS[information]:
        information += 1
    head = bytes((_BYTES << 5 | information,))
    return head + length.to_bytes(_WIDTHS[information], "big") + data


def _item(  # noqa: C901, PLR0911 - a branch for each type: one more call would cost a third
    data: bytes, at: int, depth: int
) -> tuple[Value, int]:
    """Read one item; one that the data cuts short ends behind the data.

    Raises:
        IndexError: the data ends where an item must begin.
        UnicodeDecodeError: a text is not UTF-8.
        DecodingError: otherwise.
    """
    initial = data[at]
    at += 1
    major, argument = initial >> 5, initial & 0x1F
    if argument >= _ONE_BYTE:
        if argument == _INDEFINITE:
            return _indefinite(data, at, major, depth)
        if major == _SIMPLE:
            return _float(data, at, argument)
        if argument == _ONE_BYTE:
            argument = data[at]
            at += 1
        else:
            argument, at = _argument(data, at, argument)
    if major == _TEXT:
        end = at + argument
        return data[at:end].decode(), end
    if major == _MAP:
        return _map(data, at, argument, depth)
    if major == _UNSIGNED:
        return argument, at
    if major == _NEGATIVE:
        return -1 - argument, at
    if major == _BYTES:
        end = at + argument
        return data[at:end], end
    if major == _ARRAY:
        return _array(data, at, argument, depth)
    if major == _TAG:
        value, end = _item(data, at, _inner(depth, at))
        return Tagged(argument, value), end
    return _simple(argument, at), at


def _argument(data: bytes, at: int, information: int) -> tuple[int, int]:
    if information not in _WIDTHS:
        raise DecodingError("cbor-type", "a reserved length", place=_place(at))
    end = at + _WIDTHS[information]
    return int.from_bytes(data[at:end], "big"), end


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[list[Value], int]:
    depth = _inner(depth, at)
    _check_entries(data, at, length)
    items: list[Value] = []
    for _ in range(length):
        item, at = _item(data, at, depth)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[dict[int | str, Value], int]:
    depth = _inner(depth, at)
    _check_entries(data, at, length)
    pairs: dict[int | str, Value] = {}
    return pairs, _pairs(data, at, length, depth, pairs)


def _pairs(data: bytes, at: int, count: int, depth: int, pairs: dict[int | str, Value]) -> int:
    """Read keys and their values into `pairs`; gives the place behind them."""
    entries = len(pairs) + count
    for _ in range(count):
        initial = data[at]
        # Most keys and values are texts, or small numbers: a call for each would cost a third.
        if _SHORT_TEXT <= initial < _LONGER_TEXT:
            at += 1
            end = at + initial - _SHORT_TEXT
            key: int | str = data[at:end].decode()
        elif initial < _ONE_BYTE:
            key, end = initial, at + 1
        else:
            key, end = _key(data, at, depth)
        initial = data[end]
        if _SHORT_TEXT <= initial < _LONGER_TEXT:
            at = end + 1
            end = at + initial - _SHORT_TEXT
            pairs[key] = data[at:end].decode()
        elif initial == _LONGER_TEXT:
            at = end + 2
            end = at + data[at - 1]
            pairs[key] = data[at:end].decode()
        else:
            pairs[key], end = _item(data, end, depth)
        at = end
    if len(pairs) < entries:
        raise DecodingError("cbor-key", "a key stands twice", place=_place(at))
    return at


def _key(data: bytes, at: int, depth: int) -> tuple[int | str, int]:
    key, end = _item(data, at, depth)
    # A boolean is an `int` of Python.
    if type(key) is not str and type(key) is not int:
        raise DecodingError("cbor-key", "a key is neither text nor integer", place=_place(at))
    return key, end


def _float(data: bytes, at: int, information: int) -> tuple[float, int]:
    if information not in _FLOATS:
        raise DecodingError("cbor-type", "a simple value is not known", place=_place(at))
    end = at + _WIDTHS[information]
    if end > len(data):
        raise _truncated(at)
    (number,) = struct.unpack_from(_FLOATS[information], data, at)
    return float(number), end


def _simple(number: int, at: int) -> bool | None:
    if number not in _SIMPLE_VALUES:
        raise DecodingError("cbor-type", "a simple value is not known", place=_place(at))
    return _SIMPLE_VALUES[number]


def _indefinite(data: bytes, at: int, major: int, depth: int) -> tuple[Value, int]:
    """Read what ends with a break (RFC 8949 section 3.2)."""
    if major == _ARRAY:
        return _indefinite_array(data, at, _inner(depth, at))
    if major == _MAP:
        return _indefinite_map(data, at, _inner(depth, at))
    if major in {_BYTES, _TEXT}:
        content, end = _chunks(data, at, major)
        return content.decode() if major == _TEXT else content, end
    raise DecodingError("cbor-type", "a type has no indefinite form", place=_place(at))


def _indefinite_array(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    while data[at] != _BREAK:
        item, at = _item(data, at, depth)
        items.append(item)
        _check_entries(data, at, len(items))
    return items, at + 1


def _indefinite_map(data: bytes, at: int, depth: int) -> tuple[dict[int | str, Value], int]:
    pairs: dict[int | str, Value] = {}
    while data[at] != _BREAK:
        at = _pairs(data, at, 1, depth, pairs)
        _check_entries(data, at, len(pairs))
    return pairs, at + 1


def _chunks(data: bytes, at: int, major: int) -> tuple[bytes, int]:
    content = bytearray()
    while data[at] != _BREAK:
        if data[at] >> 5 != major or data[at] & 0x1F == _INDEFINITE:
            raise DecodingError("cbor-type", "a chunk has another type", place=_place(at))
        length, at = _chunk_length(data, at)
        content += data[at : at + length]
        at += length
    return bytes(content), at + 1


def _chunk_length(data: bytes, at: int) -> tuple[int, int]:
    information = data[at] & 0x1F
    return (
        (information, at + 1) if information < _ONE_BYTE else _argument(data, at + 1, information)
    )


def _check_entries(data: bytes, at: int, count: int) -> None:
    if count > len(data):
        raise _truncated(at)
    if count > MAX_ENTRIES:
        raise DecodingError("cbor-size", "too many entries", place=_place(at))


def _inner(depth: int, at: int) -> int:
    if depth == MAX_DEPTH:
        raise DecodingError("cbor-depth", "too many levels", place=_place(at))
    return depth + 1


def _truncated(at: int) -> DecodingError:
    return DecodingError("cbor-truncated", "the data ends early", place=_place(at))


def _place(at: int) -> str:
    return f"byte {at}"
