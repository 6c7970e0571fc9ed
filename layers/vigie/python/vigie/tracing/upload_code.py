"""The upload code: the permission to give one's diagnosis keys, which names nobody.

It is a JWT (RFC 7519) in compact form, signed with ES256 (RFC 7518, section 3.4), with the
claims `iss`, `iat` and `jti` and no others, as France's codes had them. Its life follows from
`iat`. One for a test that a person made and reported themselves has the claim `reportType` too,
and is taken only by whoever asks for such codes. Whoever signs it knows the person; whoever takes
it knows the public key only.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from vigie.model import Frozen
from vigie.tracing import compact_jws
from vigie.tracing.compact_jws import base64url

ISSUER = "vigie"
LIFETIME = timedelta(days=10)
# How long after the sampling a code is given.
GIVEN_FOR = timedelta(days=14)

_JTI_BYTES = 16


class CodeReport(StrEnum):
    """What a code rests on, as the reference verification server names report types."""

    CONFIRMED = "confirmed"
    USER_REPORT = "user-report"


class UploadCode(Frozen):
    """What a code says.

    Attributes:
        jti: equal for every code that was given for one result, 22 characters of base64url.
        issued_at: aware, to the second.
        report: what the code rests on: a laboratory's result, unless it says otherwise.
    """

    jti: str
    issued_at: datetime
    report: CodeReport = CodeReport.CONFIRMED

    @property
    def expires_at(self) -> datetime:
        """When it stops being taken."""
        return self.issued_at + LIFETIME


def jti_of(key: bytes, result_id: str) -> str:
    """The `jti` of the codes of a result: one result, one upload.

    Args:
        key: 32 secret bytes, which only the giver of codes has; see `vigie.sealing.DerivedKey`.
        result_id: id of the result.
    """
    digest = hmac.digest(key, b"upload\x00" + result_id.encode(), hashlib.sha256)
    return base64url(digest[:_JTI_BYTES])


def signing_input(code: UploadCode, kid: str) -> str:
    """What is signed of a code; `compact_jws.compact` adds the signature."""
    claims: dict[str, object] = {
        "iss": ISSUER,
        "iat": int(code.issued_at.timestamp()),
        "jti": code.jti,
    }
    if code.report is not CodeReport.CONFIRMED:
        claims["reportType"] = code.report.value
    return compact_jws.signing_input(kid, claims)
