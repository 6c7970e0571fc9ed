"""Codes: how they are drawn, read, and kept.

Source: `pkg/controller/issueapi/issue_code.go` of the Exposure Notification verification server:
a short code of digits for reading aloud and a long one of small letters and digits for a link.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from enum import StrEnum

LONG_CHARACTERS = 16

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_DIGITS = re.compile(r"[0-9]{6,12}")
_LONG = re.compile(rf"[a-z0-9]{{{LONG_CHARACTERS}}}")
# What people put between the digits that they write down.
_BETWEEN = re.compile(r"[\s-]")


class Length(StrEnum):
    """The two codes of one issuing."""

    SHORT = "short"
    LONG = "long"


def short_code(digits: int) -> str:
    """A code of so many digits, each as likely as any other."""
    return f"{secrets.randbelow(10**digits):0{digits}}"


def long_code() -> str:
    """A code of 16 characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LONG_CHARACTERS))


def read_code(text: str) -> tuple[Length, str] | None:
    """Which of the two a code is, without what people put between; None if it is neither."""
    code = _BETWEEN.sub("", text).lower()
    if _DIGITS.fullmatch(code):
        return Length.SHORT, code
    if _LONG.fullmatch(code):
        return Length.LONG, code
    return None


def kept_as(key: bytes, length: Length, code: str) -> str:
    """The name that a code is kept under: an HMAC, since there are few codes to try.

    Args:
        key: 32 secret bytes; see `vigie.sealing.DerivedKey`.
        length: which of the two it is.
        code: as `read_code` gives it.
    """
    digest = hmac.digest(key, f"{length}\x00{code}".encode(), hashlib.sha256)
    return f"{length}:{digest.hex()}"
