"""Signatures over exports, by a key that never leaves KMS."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vigie.kms_signature import ecdsa_over

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


class ExportSigner:
    """Signs with ECDSA on P-256 and SHA-256.

    Args:
        kms: the KMS client.
        key_arn: of a key of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def sign(self, binary: bytes) -> bytes:
        """The signature of an `export.bin` in DER; another at every call.

        Raises:
            Unavailable: KMS did not sign.
        """
        return ecdsa_over(hashlib.sha256(binary).digest(), self._kms, self._key_arn)
