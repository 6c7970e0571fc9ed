"""Base45 (RFC 9285): bytes as the characters of a QR code's alphanumeric mode.

All groups of a text are computed at once: the first digits of every group make one
column of bytes, the second ones another, and a column is added to another as one long
integer, with a byte or three for each group, so wide that no sum reaches its neighbour.
"""

from functools import lru_cache

from vigie.dcc.errors import DecodingError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_BASE = len(ALPHABET)
_SQUARE = _BASE * _BASE
_BYTE = 256
_INVALID = 0xFF
# A byte is looked up in these by `bytes.translate`.
_VALUES = bytes(
    ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _INVALID for code in range(_BYTE)
)
_CHARACTERS = bytes(ord(ALPHABET[total % _BASE]) for total in range(_BYTE))
_CARRIES = bytes(total // _BASE for total in range(_BYTE))
# The digits of the two bytes of a group, lowest first.
_HIGH_DIGITS = tuple(
    bytes(value * _BYTE // weight % _BASE for value in range(_BYTE))
    for weight in (1, _BASE, _SQUARE)
)
_LOW_DIGITS = tuple(
    bytes(value // weight % _BASE for value in range(_BYTE)) for weight in (1, _BASE)
)
_BITS = 8


def encode(data: bytes) -> str:
    """Encode bytes: three characters for two bytes, two for a last single one."""
    whole = len(data) & ~1
    high, low = data[0:whole:2], data[1:whole:2]
    first = _sum(high.translate(_HIGH_DIGITS[0]), low.translate(_LOW_DIGITS[0]))
    second = _sum(
        high.translate(_HIGH_DIGITS[1]),
        low.translate(_LOW_DIGITS[1]),
        first.translate(_CARRIES),
    )
    third = _sum(high.translate(_HIGH_DIGITS[2]), second.translate(_CARRIES))
    text = bytearray(3 * len(high))
    text[0::3], text[1::3], text[2::3] = first, second, third
    for value in data[whole:]:
        text += bytes((value % _BASE, value // _BASE))
    return text.translate(_CHARACTERS).decode("ascii")


def decode(text: str) -> bytes:
    """Decode text, strictly.

    Raises:
        DecodingError: `base45-character` outside the alphabet, `base45-length` if one
            character is left over, `base45-overflow` if a group exceeds its bytes.
    """
    values = _values(text)
    groups = len(values) // 3
    whole = 3 * groups
    digits = int.from_bytes(values[:whole], "big")
    mask = _mask(groups)
    total = (
        (digits >> 2 * _BITS & mask) + (digits >> _BITS & mask) * _BASE + (digits & mask) * _SQUARE
    ).to_bytes(whole, "big")
    if total[0::3] != bytes(groups):
        raise DecodingError("base45-overflow", "a group of three characters exceeds two bytes")
    data = bytearray(2 * groups)
    data[0::2], data[1::2] = total[1::3], total[2::3]
    return bytes(data) + _last_byte(values[whole:])


def _sum(*columns: bytes) -> bytes:
    """Add columns byte by byte; no sum may exceed a byte."""
    total = sum([int.from_bytes(column, "big") for column in columns])
    return total.to_bytes(len(columns[0]), "big")


@lru_cache(maxsize=64)
def _mask(groups: int) -> int:
    """All bits of the last byte of each group of three."""
    return int.from_bytes(b"\x00\x00\xff" * groups, "big")


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
    if value >= _BYTE:
        raise DecodingError("base45-overflow", "the last two characters exceed one byte")
    return bytes((value,))
