"""The revision token: which keys its holder gave before, sealed so that only this function reads.

It does the work of the reference's (`internal/revision/revision.go`): an app keeps it and sends
it with a later upload. What is sealed with AES-256-GCM is a version and 21 bytes for each key:
the key, its start and its period; the token begins with the nonce and is base64.
"""

from __future__ import annotations

import base64
import os
import struct
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from key_upload.key_rules import OLDEST
from vigie.model import Frozen
from vigie.tracing import base64_text
from vigie.tracing.diagnosis_key import KEY_BYTES, DiagnosisKey
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from vigie.sealing import DerivedKey
    from vigie.tracing.stored_key import KnownKey

_VERSION = b"\x01"
_NONCE_BYTES = 12
_PURPOSE = b"vigie revision token"
_ENTRY = struct.Struct(f">{KEY_BYTES}sIB")
_NO_KEY = bytes(_ENTRY.size)
# However many keys there are up to this, a token is of one size.
_LEAST_ENTRIES = 28
# Two uploads of the most keys; the oldest beyond that are past revising soon.
_MOST_ENTRIES = 60


class RevisableKey(Frozen):
    """A key of a token.

    Attributes:
        key_data: 16 bytes.
        rolling_start_interval_number: as it was given.
        rolling_period: as it was given.
    """

    key_data: bytes
    rolling_start_interval_number: int
    rolling_period: int


class RevisionTokens:
    """Seals and opens revision tokens.

    Args:
        key: derived for this purpose.
    """

    def __init__(self, key: DerivedKey) -> None:
        self._key = key

    def seal(self, keys: Sequence[DiagnosisKey | KnownKey | RevisableKey], now: datetime) -> str:
        """A token for the keys that are not older than 15 days.

        Raises:
            Unavailable: KMS did not give the key.
        """
        nonce = os.urandom(_NONCE_BYTES)
        content = _VERSION + b"".join(_entries(keys, now))
        sealed = AESGCM(self._key.bytes()).encrypt(nonce, content, _PURPOSE)
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, token: str) -> tuple[RevisableKey, ...] | None:
        """The keys of a token; None if there is no token, or it is not even base64.

        A token that is not one of ours names no key.

        Raises:
            Unavailable: KMS did not give the key.
        """
        sealed = base64_text.decoded(token)
        if not sealed:
            return None
        try:
            content = AESGCM(self._key.bytes()).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE
            )
        except (InvalidTag, ValueError):
            return ()
        if content[:1] != _VERSION:
            return ()
        return tuple(
            RevisableKey(key_data=key, rolling_start_interval_number=start, rolling_period=period)
            for key, start, period in _ENTRY.iter_unpack(content[1:])
            if period
        )


def _entries(keys: Iterable[DiagnosisKey | KnownKey | RevisableKey], now: datetime) -> list[bytes]:
    oldest = interval_number(now - OLDEST)
    young = {
        key.key_data: key
        for key in keys
        if key.rolling_start_interval_number + key.rolling_period >= oldest
    }
    latest_first = sorted(
        young.values(), key=lambda key: key.rolling_start_interval_number, reverse=True
    )
    entries = [
        _ENTRY.pack(key.key_data, key.rolling_start_interval_number, key.rolling_period)
        for key in latest_first[:_MOST_ENTRIES]
    ]
    return entries + [_NO_KEY] * (_LEAST_ENTRIES - len(entries))
