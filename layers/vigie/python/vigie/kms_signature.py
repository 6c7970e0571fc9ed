"""Signatures by keys that never leave KMS: on P-256, or RSA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


def ecdsa_over(digest: bytes, kms: KMSClient, key_arn: str) -> bytes:
    """The ECDSA signature over a SHA-256 digest in DER (RFC 3279 section 2.2.3); another each time.

    KMS gets the digest of a message and not the message: it takes no more than 4,096 bytes of one,
    and a message may hold what KMS need not see.

    Args:
        digest: 32 bytes.
        kms: the KMS client.
        key_arn: of a key of type ECC_NIST_P256.

    Raises:
        Unavailable: KMS did not sign.
    """
    with aws_errors("kms-sign"):
        return kms.sign(
            KeyId=key_arn,
            Message=digest,
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]


def rsa_over(digest: bytes, kms: KMSClient, key_arn: str) -> bytes:
    """The signature over a SHA-256 digest by RSA with PKCS #1 v1.5 (RFC 8017 section 8.2).

    Args:
        digest: 32 bytes.
        kms: the KMS client.
        key_arn: of a key of type RSA_2048.

    Raises:
        Unavailable: KMS did not sign.
    """
    with aws_errors("kms-sign"):
        return kms.sign(
            KeyId=key_arn,
            Message=digest,
            MessageType="DIGEST",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )["Signature"]
