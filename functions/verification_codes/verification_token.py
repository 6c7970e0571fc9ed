"""The token between a code and a certificate: a JWT (RFC 7519) that only its maker verifies.

It has the claims of the reference's: `iss` and `aud` are the issuer, `sub` is
`<test type>.<symptom date>.<test date>`, `jti` names the issued code. The reference signs it
with ES256; nobody else ever reads one, so an HMAC (HS256, RFC 7518, section 3.2) does, and costs
no call. Of one claim there is one token, so that whoever lost an answer gets the same again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from verification_codes.refusal import ErrorCode, refused
from vigie.tracing.compact_jws import base64url

if TYPE_CHECKING:
    from verification_codes.code_row import CodeRow
    from verification_codes.refusal import VerificationRefusedError

LIFETIME = timedelta(hours=24)

_HEADER = {"alg": "HS256", "typ": "JWT"}


def token_of(row: CodeRow, claimed_at: datetime, issuer: str, key: bytes) -> str:
    """The token of a claimed row.

    Args:
        row: what was claimed.
        claimed_at: aware, to the second.
        issuer: of tokens.
        key: 32 secret bytes; see `vigie.sealing.DerivedKey`.
    """
    dates = (row.symptom_date, row.test_date)
    subject = [row.diagnosis.value, *("" if day is None else day.isoformat() for day in dates)]
    claims = {
        "aud": issuer,
        "exp": int((claimed_at + LIFETIME).timestamp()),
        "iat": int(claimed_at.timestamp()),
        "iss": issuer,
        "jti": row.row_id,
        "sub": ".".join(subject),
    }
    signed = ".".join(
        base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (_HEADER, claims)
    )
    return f"{signed}.{base64url(_mac(key, signed))}"


def row_id_in(token: str, key: bytes, now: datetime) -> str:
    """Which row a token is of.

    Args:
        token: as an app sends it.
        key: that it was made with.
        now: the time, aware.

    Raises:
        VerificationRefusedError: `token_invalid`, or `token_expired` for one of ours.
    """
    signed, _, mac = token.rpartition(".")
    if not token.isascii() or not hmac.compare_digest(base64url(_mac(key, signed)), mac):
        raise token_invalid()
    try:
        claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    except (binascii.Error, ValueError):
        raise token_invalid() from None
    if now >= datetime.fromtimestamp(claims["exp"], UTC):
        raise refused(ErrorCode.TOKEN_EXPIRED, "verification token expired")
    return str(claims["jti"])


def token_invalid() -> VerificationRefusedError:
    """The refusal of a token: forged, unknown and used look the same."""
    return refused(ErrorCode.TOKEN_INVALID, "verification token invalid")


def _mac(key: bytes, signed: str) -> bytes:
    return hmac.digest(key, signed.encode(), hashlib.sha256)
