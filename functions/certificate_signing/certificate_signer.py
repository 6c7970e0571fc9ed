"""Signatures of a document signer's key, which never leaves KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.dcc.cose import der_to_raw
from vigie.dcc.errors import EncodingError

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

    from vigie.dcc.cose import Unsigned

# KMS signs a raw message of up to 4,096 bytes (AWS KMS API Reference, Sign).
_MAX_MESSAGE_BYTES = 4096


class CertificateSigner:
    """Signs with ES256 by KMS.

    KMS hashes the message itself (MessageType RAW): it is then the whole content that KMS
    signs, and a certificate is far shorter than the limit.

    Args:
        kms: the KMS client.
    """

    def __init__(self, kms: KMSClient) -> None:
        self._kms = kms

    def sign(self, message: Unsigned, key_arn: str) -> bytes:
        """The raw signature of a message, r and s of 32 bytes each; another at every call.

        Raises:
            EncodingError: `signature-input-length` over 4,096 bytes.
            Unavailable: KMS did not sign.
        """
        signed = message.signature_input
        if len(signed) > _MAX_MESSAGE_BYTES:
            raise EncodingError("signature-input-length", "KMS signs 4,096 bytes at most")
        with aws_errors("kms-sign"):
            signature = self._kms.sign(
                KeyId=key_arn,
                Message=signed,
                MessageType="RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )["Signature"]
        return der_to_raw(signature)
