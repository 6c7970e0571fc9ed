"""Whether an upload code permits an upload: verified here, with the public key alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.kms_public_key import elliptic_public_key
from vigie.tracing import compact_jws
from vigie.tracing.compact_jws import ALGORITHM, TYPE, kid_of
from vigie.tracing.upload_code import ISSUER, CodeReport, UploadCode

if TYPE_CHECKING:
    from collections.abc import Collection

    from cryptography.hazmat.primitives.asymmetric import ec
    from mypy_boto3_kms.client import KMSClient

# The giver's clock and this one are both AWS's.
_CLOCK_SKEW = timedelta(minutes=1)
_MOST_CHARACTERS = 1024
_JTI = re.compile(r"[A-Za-z0-9_-]{22}")


class UploadCodeRefusedError(Exception):
    """An upload code that permits nothing: forged, too old and malformed look the same."""


class CodeVerifier:
    """Verifies upload codes.

    Args:
        kms: the KMS client, asked for the public key once.
        key_arn: of the key that signs codes.
        taken: what a code may rest on.
    """

    def __init__(
        self,
        kms: KMSClient,
        key_arn: str,
        taken: Collection[CodeReport] = (CodeReport.CONFIRMED,),
    ) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._taken = taken
        self._header = {"alg": ALGORITHM, "kid": kid_of(key_arn), "typ": TYPE}
        self._key: ec.EllipticCurvePublicKey | None = None

    def verify(self, code: str, now: datetime) -> UploadCode:
        """What a code says, if it is one of ours and its life is not over.

        Raises:
            UploadCodeRefusedError: for whatever reason, always the same.
            Unavailable: KMS did not give the public key.
        """
        key = self._public_key()
        try:
            jws = compact_jws.read(code, _MOST_CHARACTERS)
            if jws.header != self._header or not jws.is_by(key):
                raise UploadCodeRefusedError
            return self._claimed(jws.claims(), now)
        except (Rejected, ValueError, OverflowError, OSError):
            raise UploadCodeRefusedError from None

    def _claimed(self, claims: dict[str, Any], now: datetime) -> UploadCode:
        code = _code(claims)
        if code.report not in self._taken:
            raise ValueError
        if not code.issued_at - _CLOCK_SKEW <= now < code.expires_at:
            raise ValueError
        return code

    def _public_key(self) -> ec.EllipticCurvePublicKey:
        if self._key is None:
            self._key = elliptic_public_key(self._kms, self._key_arn)
        return self._key


def _code(claims: dict[str, Any]) -> UploadCode:
    match claims:
        case {"iss": issuer, "iat": int(issued_at), "jti": str(jti), **others}:
            report = CodeReport(others.pop("reportType", CodeReport.CONFIRMED))
        case _:
            raise ValueError
    if issuer != ISSUER or others or not _JTI.fullmatch(jti):
        raise ValueError
    return UploadCode(jti=jti, issued_at=datetime.fromtimestamp(issued_at, UTC), report=report)
