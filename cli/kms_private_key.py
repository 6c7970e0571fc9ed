"""A private key that stays in KMS, for the builders of X.509 certificates."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NoReturn, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from cli.kms_public_key import KmsPublicKey
from vigie.errors import Rejected
from vigie.kms_signature import ecdsa_over

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        KeySerializationEncryption,
        PrivateFormat,
    )
    from mypy_boto3_kms.client import KMSClient


class KmsPrivateKey(ec.EllipticCurvePrivateKey):
    """Signs by KMS with ECDSA and SHA-256 on P-256; whatever needs the secret itself fails.

    Args:
        kms: the KMS client.
        key_id: id, ARN or alias of a key of type ECC_NIST_P256 that signs.

    Raises:
        Rejected: `key-type` for another type of key.
        Unavailable: KMS did not give the public key.
    """

    def __init__(self, kms: KMSClient, key_id: str) -> None:
        self._kms = kms
        key = KmsPublicKey.of(kms, key_id)
        public_key = key.public_key()
        if not isinstance(public_key, ec.EllipticCurvePublicKey):
            raise Rejected("key-type", "the key is not of type ECC_NIST_P256 for signing")
        self._arn = key.arn
        self._public_key = public_key

    @property
    def arn(self) -> str:
        """ARN of the key, whatever it was named by."""
        return self._arn

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public_key.curve

    @property
    def key_size(self) -> int:
        """Bits."""
        return self._public_key.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public key."""
        return self._public_key

    def sign(
        self,
        data: bytes | bytearray | memoryview,
        signature_algorithm: ec.EllipticCurveSignatureAlgorithm,
    ) -> bytes:
        """Sign, and give the signature in DER.

        Raises:
            Rejected: `signature-algorithm` for any but ECDSA with SHA-256 of the data itself.
            Unavailable: KMS did not sign.
        """
        if not _is_ecdsa_sha256(signature_algorithm):
            raise Rejected("signature-algorithm", "the key signs with ECDSA and SHA-256 alone")
        return ecdsa_over(hashlib.sha256(data).digest(), self._kms, self._arn)

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Refuse: the key is for signing."""
        raise NotImplementedError("the key is for signing")

    def private_numbers(self) -> NoReturn:
        """Refuse: nobody has the secret."""
        raise NotImplementedError("the key stays in KMS")

    def private_bytes(
        self,
        encoding: Encoding,
        format: PrivateFormat,  # noqa: A002 - the name is the base class's
        encryption_algorithm: KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: nobody has the secret."""
        raise NotImplementedError("the key stays in KMS")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


def _is_ecdsa_sha256(algorithm: ec.EllipticCurveSignatureAlgorithm) -> bool:
    hashed: hashes.HashAlgorithm | Prehashed = algorithm.algorithm
    return isinstance(algorithm, ec.ECDSA) and isinstance(hashed, hashes.SHA256)
