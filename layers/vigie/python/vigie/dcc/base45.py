"""Base45 (RFC 9285): bytes as the characters of a QR code's alphanumeric mode."""

import struct

from vigie.dcc.errors import DecodingError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_BASE = len(ALPHABET)
_SQUARE = _BASE * _BASE
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]
_INVALID = 0xFF
_VALUES = bytes(
    ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _INVALID for code in range(256)
)
_MAX_UNIT = 0xFFFF
_MAX_BYTE = 0xFF


def encode(data: bytes) -> str:
    """Encode bytes: three characters for two bytes, two for a last single one."""
    units = struct.unpack(f">{len(data) // 2}H", data[: len(data) & ~1])
    text = "".join([_PAIRS[unit % _SQUARE] + ALPHABET[unit // _SQUARE] for unit in units])
    return text + _PAIRS[data[-1]] if len(data) % 2 else text


def decode(text: str) -> bytes:
    """Decode text, strictly.

    Raises:
        DecodingError: `base45-character` outside the alphabet, `base45-length` if one
            character is left over, `base45-overflow` if a group exceeds its bytes.
    """
    values = _values(text)
    whole = len(values) - len(values) % 3
    units = [
        low + middle * _BASE + high * _SQUARE
        for low, middle, high in zip(
            values[0:whole:3], values[1:whole:3], values[2:whole:3], strict=True
        )
    ]
    if units and max(units) > _MAX_UNIT:
        raise DecodingError("base45-overflow", "a group of three characters exceeds two bytes")
    return struct.pack(f">{len(units)}H", *units) + _last_byte(values[whole:])


def _values(text: str) -> bytes:
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError:
        raise DecodingError("base45-character", "a character is not in the alphabet") from None
    if _INVALID in values:
        raise DecodingError("base45-character", "a character is not in the alphabet")
    if len(values) % 3 == 1:
        raise DecodingError("base45-length", "one character is left over")
    return values


def _last_byte(pair: bytes) -> bytes:
    if not pair:
        return b""
    value = pair[0] + pair[1] * _BASE
    if value > _MAX_BYTE:
        raise DecodingError("base45-overflow", "the last two characters exceed one byte")
    return bytes((value,))
