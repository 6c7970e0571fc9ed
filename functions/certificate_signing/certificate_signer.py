"""Signatures of a document signer's key, which never leaves KMS."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.dcc import cose
from vigie.kms_signature import ecdsa_over

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

    from vigie.dcc.cose import Unsigned
    from vigie.twoddoc.code import Unsigned as UnsignedCode


class CertificateSigner:
    """Signs with ES256 or PS256 by KMS, as the message says.

    KMS gets the digest of the message and not the message, which holds a name.

    Args:
        kms: the KMS client.
    """

    def __init__(self, kms: KMSClient) -> None:
        self._kms = kms

    def sign(self, message: Unsigned | UnsignedCode, key_arn: str) -> bytes:
        """The signature of a message as COSE has it; another at every call.

        For PS256, KMS takes a salt as long as the digest, which COSE asks for (RFC 8230
        section 2).

        Raises:
            Unavailable: KMS did not sign.
        """
        digest = hashlib.sha256(message.signature_input).digest()
        if message.algorithm != cose.PS256:
            return cose.der_to_raw(ecdsa_over(digest, self._kms, key_arn))
        with aws_errors("kms-sign"):
            return self._kms.sign(
                KeyId=key_arn,
                Message=digest,
                MessageType="DIGEST",
                SigningAlgorithm="RSASSA_PSS_SHA_256",
            )["Signature"]
