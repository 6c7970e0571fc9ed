"""Public keys of key pairs that KMS holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vigie.aws import aws_errors
from vigie.errors import Rejected

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


def elliptic_public_key(kms: KMSClient, key_arn: str) -> ec.EllipticCurvePublicKey:
    """The public key of a key of an elliptic curve.

    Raises:
        Rejected: `key-type`, it is of another kind.
        Unavailable: KMS did not give it.
    """
    with aws_errors("kms-public-key"):
        der = kms.get_public_key(KeyId=key_arn)["PublicKey"]
    key = load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Rejected("key-type", "the public key is not of an elliptic curve")
    return key
