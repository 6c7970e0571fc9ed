"""Challenges that nobody keeps: their end and a keyed hash are in them.

A challenge says nothing of who asked for it, so there is nothing to store; one may be used again
until its end, for the same key only, which changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vigie.errors import Rejected

if TYPE_CHECKING:
    from vigie.sealing import DerivedKey

LIFETIME = timedelta(minutes=5)
_NONCE_BYTES, _END_BYTES, _MAC_BYTES = 16, 8, 32
_BYTES = _NONCE_BYTES + _END_BYTES + _MAC_BYTES


class Challenges:
    """Gives challenges and knows them again.

    Args:
        key: of the keyed hash.
    """

    def __init__(self, key: DerivedKey) -> None:
        self._key = key

    def new(self, now: datetime) -> bytes:
        """A challenge: 16 random bytes, its end, a MAC.

        Raises:
            Unavailable: KMS did not give the key.
        """
        end = int((now + LIFETIME).timestamp()).to_bytes(_END_BYTES, "big")
        said = secrets.token_bytes(_NONCE_BYTES) + end
        return said + self._mac(said)

    def check(self, challenge: bytes, now: datetime) -> None:
        """Check that a challenge is one of ours and has not ended.

        Raises:
            Rejected: `challenge`.
            Unavailable: KMS did not give the key.
        """
        said, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
        if len(challenge) != _BYTES or not hmac.compare_digest(mac, self._mac(said)):
            raise _refused()
        if datetime.fromtimestamp(int.from_bytes(said[_NONCE_BYTES:], "big"), UTC) < now:
            raise _refused()

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key.bytes(), said, hashlib.sha256)


def _refused() -> Rejected:
    return Rejected("challenge", "the challenge is none of ours, or has ended")
