"""Signatures of a document signer's key, which never leaves KMS."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.dcc.cose import der_to_raw

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

    from vigie.dcc.cose import Unsigned


class CertificateSigner:
    """Signs with ES256 by KMS.

    KMS gets the digest of the message and not the message, which holds a name.

    Args:
        kms: the KMS client.
    """

    def __init__(self, kms: KMSClient) -> None:
        self._kms = kms

    def sign(self, message: Unsigned, key_arn: str) -> bytes:
        """The raw signature of a message, r and s of 32 bytes each; another at every call.

        Raises:
            Unavailable: KMS did not sign.
        """
        digest = hashlib.sha256(message.signature_input).digest()
        with aws_errors("kms-sign"):
            signature = self._kms.sign(
                KeyId=key_arn,
                Message=digest,
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )["Signature"]
        return der_to_raw(signature)
