"""Signing upload codes by a key that never leaves KMS."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vigie.kms_signature import ecdsa_over
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.upload_code import UploadCode, signing_input

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


class CodeSigner:
    """Makes upload codes.

    Args:
        kms: the KMS client.
        key_arn: of the key that signs codes, of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def sign(self, code: UploadCode) -> str:
        """The JWT of a code; another one each time.

        Raises:
            Unavailable: KMS did not sign.
        """
        # Only whoever asks for a code pays for loading what certificates are read with.
        from vigie.dcc.cose import der_to_raw  # noqa: PLC0415

        signed = signing_input(code, kid_of(self._key_arn))
        digest = hashlib.sha256(signed.encode()).digest()
        return compact(signed, der_to_raw(ecdsa_over(digest, self._kms, self._key_arn)))
