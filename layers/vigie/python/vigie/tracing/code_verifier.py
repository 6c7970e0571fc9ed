"""Whether an upload code permits an upload: verified here, with the public key alone."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.tracing.upload_code import (
    ALGORITHM,
    ISSUER,
    SIGNATURE_BYTES,
    TYPE,
    UploadCode,
    base64url,
    kid_of,
)

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

# The giver's clock and this one are both AWS's.
_CLOCK_SKEW = timedelta(minutes=1)
_MOST_CHARACTERS = 1024
_PARTS = 3
_JTI = re.compile(r"[A-Za-z0-9_-]{22}")
_ECDSA = ec.ECDSA(SHA256())


class UploadCodeRefusedError(Exception):
    """An upload code that permits nothing: forged, too old and malformed look the same."""


class CodeVerifier:
    """Verifies upload codes.

    Args:
        kms: the KMS client, asked for the public key once.
        key_arn: of the key that signs codes.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn
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
            signed, signature = self._taken_apart(code)
            key.verify(signature, signed.encode("ascii"), _ECDSA)
            return _claimed(signed, now)
        except (ValueError, OverflowError, OSError, RecursionError, InvalidSignature):
            raise UploadCodeRefusedError from None

    def _taken_apart(self, code: str) -> tuple[str, bytes]:
        """What is signed, and the signature in DER."""
        parts = code.split(".")
        if len(code) > _MOST_CHARACTERS or len(parts) != _PARTS:
            raise ValueError
        if json.loads(_decoded(parts[0])) != self._header:
            raise ValueError
        signature = _decoded(parts[2])
        if len(signature) != SIGNATURE_BYTES:
            raise ValueError
        half = SIGNATURE_BYTES // 2
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        return f"{parts[0]}.{parts[1]}", encode_dss_signature(r, s)

    def _public_key(self) -> ec.EllipticCurvePublicKey:
        if self._key is None:
            with aws_errors("kms-public-key"):
                der = self._kms.get_public_key(KeyId=self._key_arn)["PublicKey"]
            key = load_der_public_key(der)
            if not isinstance(key, ec.EllipticCurvePublicKey):
                raise Rejected("key-type", "the public key is not of an elliptic curve")
            self._key = key
        return self._key


def _claimed(signed: str, now: datetime) -> UploadCode:
    claims = json.loads(_decoded(signed.partition(".")[2]))
    match claims:
        case {"iss": issuer, "iat": int(issued_at), "jti": str(jti), **others}:
            code = UploadCode(jti=jti, issued_at=datetime.fromtimestamp(issued_at, UTC))
        case _:
            raise ValueError
    if issuer != ISSUER or others or not _JTI.fullmatch(jti):
        raise ValueError
    if not code.issued_at - _CLOCK_SKEW <= now < code.expires_at:
        raise ValueError
    return code


def _decoded(part: str) -> bytes:
    """Base64url without padding, and written in the one way that there is (RFC 7515)."""
    try:
        content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise ValueError from None
    if base64url(content) != part:
        raise ValueError
    return content
