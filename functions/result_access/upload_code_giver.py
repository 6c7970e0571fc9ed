"""Giving upload codes, signed by KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.upload_code import UploadCode, jti_of, signing_input

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient

    from vigie.sealing import DerivedKey


class UploadCodeGiver:
    """Makes upload codes.

    Args:
        kms: the KMS client.
        key_arn: of the key that signs codes.
        secret: keys the `jti`, so that a code leads nobody to its result.
    """

    def __init__(self, kms: KMSClient, key_arn: str, secret: DerivedKey) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._secret = secret

    def give(self, result_id: str, now: datetime) -> tuple[UploadCode, str]:
        """A code for a result: what it says, and the JWT. Another one says the same `jti`.

        Raises:
            Unavailable: KMS did not sign.
        """
        # Only whoever asks for a code pays for loading what certificates are read with.
        from vigie.dcc.cose import der_to_raw  # noqa: PLC0415

        issued_at = now.replace(microsecond=0)
        code = UploadCode(jti=jti_of(self._secret.bytes(), result_id), issued_at=issued_at)
        signed = signing_input(code, kid_of(self._key_arn))
        with aws_errors("kms-sign"):
            signature = self._kms.sign(
                KeyId=self._key_arn,
                Message=signed.encode(),
                MessageType="RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )["Signature"]
        return code, compact(signed, der_to_raw(signature))
