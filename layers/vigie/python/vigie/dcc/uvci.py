"""The unique vaccination certificate identifier (UVCI) and its checksum.

Source: eHealth Network, interoperability guidelines, annex 2. The checksum is Luhn
modulo 38 over the whole identifier, prefix included, as the EU's issuance service does
it. Not every country adds one, and some use another alphabet: a certificate is never
refused for its checksum.
"""

import re
from enum import StrEnum

from vigie.dcc.errors import EncodingError

MAX_LENGTH = 72

_PREFIX = "URN:UVCI:01"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_COUNTRY = re.compile(r"[A-Z]{2}")
_OPAQUE = re.compile(r"[A-Z0-9]+([/:][A-Z0-9]+)*")


class Checksum(StrEnum):
    """What the checksum of an identifier says."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"


def build(country: str, opaque: str) -> str:
    """Build `URN:UVCI:01:<country>:<opaque>#<checksum>`.

    Args:
        country: ISO 3166-1 alpha-2.
        opaque: `A` to `Z`, `0` to `9`, with `/` or `:` between the blocks.

    Raises:
        EncodingError: `uvci-country`, `uvci-opaque`, or `uvci-length` over 72 characters.
    """
    if not _COUNTRY.fullmatch(country):
        raise EncodingError("uvci-country", "a country has two capital letters")
    if not _OPAQUE.fullmatch(opaque):
        raise EncodingError("uvci-opaque", "the opaque part is not made of A-Z and 0-9")
    body = f"{_PREFIX}:{country}:{opaque}"
    identifier = f"{body}#{check_character(body)}"
    if len(identifier) > MAX_LENGTH:
        raise EncodingError("uvci-length", "an identifier has 72 characters at most")
    return identifier


def check_character(body: str) -> str:
    """The Luhn mod N character of an identifier without its `#`.

    Raises:
        EncodingError: `uvci-character` if a character is not in the alphabet.
    """
    size = len(_ALPHABET)
    total = 0
    for position, character in enumerate(reversed(body)):
        value = _ALPHABET.find(character)
        if value < 0:
            raise EncodingError("uvci-character", "a character has no place in an identifier")
        addend = value * (2 if position % 2 == 0 else 1)
        total += addend // size + addend % size
    return _ALPHABET[-total % size]


def checksum(identifier: str) -> Checksum:
    """Judge the checksum of an identifier, of whatever origin."""
    body, mark, check = identifier.rpartition("#")
    if not mark:
        return Checksum.ABSENT
    try:
        valid = check == check_character(body)
    except EncodingError:
        valid = False
    return Checksum.VALID if valid else Checksum.INVALID
