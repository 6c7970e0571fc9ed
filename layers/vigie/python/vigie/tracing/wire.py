"""The wire format of Protocol Buffers, as far as exports need it.

Source: Protocol Buffers documentation, "Encoding".
"""

from collections.abc import Iterator
from typing import NamedTuple

from vigie.errors import Rejected

VARINT = 0
FIXED64 = 1
BYTES = 2
FIXED32 = 5

_FIXED_LENGTHS = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10
_MORE = 0x80
_WHOLE = 2**64


class Field(NamedTuple):
    """One field of a message.

    Attributes:
        number: from the message's definition.
        wire_type: VARINT, FIXED64, BYTES or FIXED32.
        value: what a varint or a fixed field holds, unsigned; 0 for BYTES.
        content: of a BYTES field; empty for the others.
    """

    number: int
    wire_type: int
    value: int
    content: bytes


def varint(value: int) -> bytes:
    """A number of up to 64 bits; a negative one in two's complement, as an int32 field has it."""
    value %= _WHOLE
    written = bytearray()
    while value >= _MORE:
        written.append(value & 0x7F | _MORE)
        value >>= 7
    written.append(value)
    return bytes(written)


def varint_field(number: int, value: int) -> bytes:
    """An int32, an enum or a bool."""
    return varint(number << 3 | VARINT) + varint(value)


def zigzag_field(number: int, value: int) -> bytes:
    """A sint32."""
    return varint_field(number, value << 1 if value >= 0 else (-value << 1) - 1)


def fixed64_field(number: int, value: int) -> bytes:
    """A fixed64."""
    return varint(number << 3 | FIXED64) + value.to_bytes(8, "little")


def bytes_field(number: int, content: bytes) -> bytes:
    """Bytes, a string in UTF-8 or an embedded message."""
    return varint(number << 3 | BYTES) + varint(len(content)) + content


def as_int32(value: int) -> int:
    """What an int32 field holds, from its 64 bits.

    Raises:
        Rejected: `protobuf-range`.
    """
    signed = value - _WHOLE if value >= _WHOLE // 2 else value
    if not -(2**31) <= signed < 2**31:
        raise Rejected("protobuf-range", "a number does not fit 32 bits")
    return signed


def as_sint32(value: int) -> int:
    """What a sint32 field holds, from its 64 bits.

    Raises:
        Rejected: `protobuf-range`.
    """
    if value >= 2**32:
        raise Rejected("protobuf-range", "a number does not fit 32 bits")
    return value >> 1 if value % 2 == 0 else -(value + 1 >> 1)


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message in their order.

    Raises:
        Rejected: `protobuf-truncated`, `protobuf-varint` over ten bytes or 64 bits,
            `protobuf-field` number 0, `protobuf-wire-type` of a group or unknown.
    """
    position = 0
    while position < len(message):
        key, position = _varint_at(message, position)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise Rejected("protobuf-field", "a field has the number 0")
        value, content = 0, b""
        if wire_type == VARINT:
            value, position = _varint_at(message, position)
        elif wire_type == BYTES:
            length, position = _varint_at(message, position)
            content, position = _taken(message, position, length)
        elif wire_type in _FIXED_LENGTHS:
            fixed, position = _taken(message, position, _FIXED_LENGTHS[wire_type])
            value = int.from_bytes(fixed, "little")
        else:
            raise Rejected("protobuf-wire-type", "a field is of no known wire type")
        yield Field(number, wire_type, value, content)


def _varint_at(message: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        if position + place >= len(message):
            raise Rejected("protobuf-truncated", "the message ends inside a field")
        byte = message[position + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < _MORE:
            if value >= _WHOLE:
                break
            return value, position + place + 1
    raise Rejected("protobuf-varint", "a number is longer than 64 bits")


def _taken(message: bytes, position: int, length: int) -> tuple[bytes, int]:
    end = position + length
    if end > len(message):
        raise Rejected("protobuf-truncated", "the message ends inside a field")
    return message[position:end], end
