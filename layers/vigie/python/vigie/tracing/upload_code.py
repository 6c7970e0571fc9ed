"""The upload code: the permission to give one's diagnosis keys, which names nobody.

It is a JWT (RFC 7519) in compact form, signed with ES256 (RFC 7518, section 3.4), with the
claims `iss`, `iat` and `jti` and no others, as France's codes had them. Its life follows from
`iat`. Whoever signs it knows the person; whoever takes it knows the public key only.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from vigie.model import Frozen

ALGORITHM = "ES256"
TYPE = "JWT"
ISSUER = "vigie"
LIFETIME = timedelta(days=10)
# How long after the sampling a code is given.
GIVEN_FOR = timedelta(days=14)
SIGNATURE_BYTES = 64

_JTI_BYTES = 16


class UploadCode(Frozen):
    """What a code says.

    Attributes:
        jti: equal for every code that was given for one result, 22 characters of base64url.
        issued_at: aware, to the second.
    """

    jti: str
    issued_at: datetime

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


def kid_of(key_arn: str) -> str:
    """The `kid` of a KMS key: its key id, which giver and taker know from its ARN."""
    return key_arn.rpartition("/")[2]


def signing_input(code: UploadCode, kid: str) -> str:
    """What is signed: header and claims (RFC 7515, section 5.1)."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": TYPE}
    claims = {"iss": ISSUER, "iat": int(code.issued_at.timestamp()), "jti": code.jti}
    return f"{_part(header)}.{_part(claims)}"


def compact(signed: str, signature: bytes) -> str:
    """The code, from what was signed and its signature: r and s of 32 bytes each."""
    return f"{signed}.{base64url(signature)}"


def base64url(content: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _part(content: Mapping[str, object]) -> str:
    return base64url(json.dumps(content, separators=(",", ":")).encode())
