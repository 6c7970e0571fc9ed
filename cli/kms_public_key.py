"""The public half of a KMS key that signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vigie.aws import aws_errors
from vigie.errors import Rejected

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

    from vigie.dcc.x509_profile import DscKey

_SPECS = {"ECC_NIST_P256", "RSA_2048", "RSA_3072"}


@dataclass(frozen=True, slots=True)
class KmsPublicKey:
    """A KMS key of a type that signs certificates.

    Attributes:
        arn: ARN of the key, whatever it was named by.
        spec: `ECC_NIST_P256` (ES256), `RSA_2048` or `RSA_3072` (PS256).
    """

    arn: str
    spec: str
    _key: DscKey

    @classmethod
    def of(cls, kms: KMSClient, key_id: str) -> Self:
        """Ask KMS for it.

        Args:
            kms: the KMS client.
            key_id: id, ARN or alias of the key.

        Raises:
            Rejected: `key-type` for another type of key.
            Unavailable: KMS did not answer.
        """
        with aws_errors("kms-describe-key"):
            described = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        spec = described["KeySpec"]
        if spec not in _SPECS or described["KeyUsage"] != "SIGN_VERIFY":
            raise Rejected("key-type", "the key is not one that signs certificates")
        with aws_errors("kms-public-key"):
            key = load_der_public_key(kms.get_public_key(KeyId=described["Arn"])["PublicKey"])
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise Rejected("key-type", "the public key is neither of an elliptic curve nor RSA")
        return cls(described["Arn"], spec, key)

    def public_key(self) -> DscKey:
        """The public key."""
        return self._key
