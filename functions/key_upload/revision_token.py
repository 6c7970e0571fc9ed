"""The revision token: which keys its holder gave before, sealed so that only this function reads.

It does the work of the reference's (`internal/revision/revision.go`): an app keeps it and sends
it with a later upload. In base64 it is a version, the week that it was sealed in, a nonce, and
what is sealed with AES-256-GCM: 21 bytes for each key, its bytes, its start and its period.

Each week has a key of its own, derived inside KMS (see `vigie.sealing.DerivedKey`), and the
token says the week. So keys rotate without anybody's doing, and a token of a week long ago is
not opened.
"""

from __future__ import annotations

import base64
import os
import struct
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vigie.model import Frozen
from vigie.tracing import base64_text
from vigie.tracing.diagnosis_key import KEY_BYTES, DiagnosisKey
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from vigie.sealing import DerivedKey
    from vigie.tracing.stored_key import KnownKey

_VERSION = 2
_HEADER = struct.Struct(">BH")
_NONCE_BYTES = 12
_PURPOSE = b"vigie revision token"
_ENTRY = struct.Struct(f">{KEY_BYTES}sIB")
_NO_KEY = bytes(_ENTRY.size)
# However many keys there are up to this, a token is of one size.
_LEAST_ENTRIES = 28
# Two uploads of the most keys; the oldest beyond that are past revising soon.
_MOST_ENTRIES = 60
# NEW_KEY_PERIOD of the reference.
_WEEK_SECONDS = int(timedelta(days=7).total_seconds())
# The reference opens tokens for 15 days (DELETE_OLD_KEY_PERIOD): whole weeks that cover them.
_WEEKS_OPENED = 3


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
        derive: the key of a week, derived for this purpose; a week is a number.
        oldest: how long after its end a key stays in tokens.
    """

    def __init__(self, derive: Callable[[int], DerivedKey], oldest: timedelta) -> None:
        self._derive = derive
        self._oldest = oldest
        self._keys: dict[int, DerivedKey] = {}

    def seal(self, keys: Sequence[DiagnosisKey | KnownKey | RevisableKey], now: datetime) -> str:
        """A token for the keys that are not too old.

        Raises:
            Unavailable: KMS did not give the key.
        """
        week = _week(now)
        header = _HEADER.pack(_VERSION, week)
        nonce = os.urandom(_NONCE_BYTES)
        content = b"".join(_entries(keys, interval_number(now - self._oldest)))
        sealed = AESGCM(self._key(week)).encrypt(nonce, content, _PURPOSE + header)
        return base64.b64encode(header + nonce + sealed).decode("ascii")

    def open(self, token: str, now: datetime) -> tuple[RevisableKey, ...] | None:
        """The keys of a token; None if there is no token, or it is not even base64.

        A token that is not one of ours, or of a week too long ago, names no key.

        Raises:
            Unavailable: KMS did not give the key.
        """
        content = base64_text.decoded(token)
        if not content:
            return None
        header, sealed = content[: _HEADER.size], content[_HEADER.size :]
        if len(sealed) < _NONCE_BYTES:
            return ()
        version, week = _HEADER.unpack(header)
        # Instances need not agree on the second that a week begins.
        if version != _VERSION or not -_WEEKS_OPENED <= week - _week(now) <= 1:
            return ()
        try:
            entries = AESGCM(self._key(week)).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE + header
            )
        except (InvalidTag, ValueError):
            return ()
        return tuple(
            RevisableKey(key_data=key, rolling_start_interval_number=start, rolling_period=period)
            for key, start, period in _ENTRY.iter_unpack(entries)
            if period
        )

    def _key(self, week: int) -> bytes:
        if week not in self._keys:
            self._keys[week] = self._derive(week)
        return self._keys[week].bytes()


def _week(now: datetime) -> int:
    return int(now.timestamp()) // _WEEK_SECONDS


def _entries(keys: Iterable[DiagnosisKey | KnownKey | RevisableKey], oldest: int) -> list[bytes]:
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
