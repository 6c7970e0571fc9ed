"""The token of an order: what a person reads out, and a laboratory writes into its report.

Seven random characters and their check character, in Crockford's base 32: 35 bits, which is little.
So it is kept nowhere: what is kept is a keyed hash of it, and exchanging it is bounded.

Source: D. Crockford, "Base 32"; `doc/design/details/crockford-damm.md` of the NHS COVID-19 app.
"""

import hashlib
import hmac
import re
import secrets

from vigie.orders.damm32 import BASE, damm32

LENGTH = 8

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = {character: digit for digit, character in enumerate(_ALPHABET)}
# What people take for another character; `u`, which is none, is read as the NHS reads it.
_MISREAD = str.maketrans("ilou", "110v", "- ")
_FORM = re.compile(rf"[{_ALPHABET}]{{{LENGTH}}}")
_MOST_CHARACTERS = 32


def new_order_token() -> str:
    """A random token."""
    digits = [secrets.randbelow(BASE) for _ in range(LENGTH - 1)]
    return "".join(_ALPHABET[digit] for digit in (*digits, damm32(digits)))


def order_token(text: str) -> str | None:
    """A text as a token, in small letters; None if it is none.

    Hyphens and spaces are left out, and what people take for another character is put right.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    token = text.lower().translate(_MISREAD)
    if not _FORM.fullmatch(token) or damm32(_DIGITS[character] for character in token):
        return None
    return token


def hashed_token(key: bytes, token: str) -> str:
    """The keyed hash that stands for a secret token, hexadecimal.

    Args:
        key: 32 secret bytes; see `vigie.sealing.DerivedKey`.
        token: of an order, as `order_token` gives it, or another token of its app.
    """
    return hmac.digest(key, b"order\x00" + token.encode(), hashlib.sha256).hex()
