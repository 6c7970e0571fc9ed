"""What a venue is known by during a period: a secret key, and the public id that follows from it.

Source: Cléa specification v0, LTKey and LTId.
"""

import hashlib
import hmac
import struct

SECRET_BYTES = 51
KEY_BYTES = 32
ID_BYTES = 16

_PERIOD_START = struct.Struct(">I")


def temporary_key(secret: bytes, period_start: int) -> bytes:
    """The key (LTKey) of a venue for the period that begins at `period_start`.

    Args:
        secret: of the venue, 51 bytes (SK_L).
        period_start: NTP seconds, a multiple of an hour.
    """
    return hashlib.sha256(secret + _PERIOD_START.pack(period_start)).digest()


def temporary_id(key: bytes) -> bytes:
    """The public id (LTId), 16 bytes, of a temporary key."""
    return hmac.digest(key, b"1", hashlib.sha256)[:ID_BYTES]
