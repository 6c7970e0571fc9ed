"""A private RSA key that stays in KMS, for the builders of X.509 certificates and requests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NoReturn, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cli.kms_public_key import KmsPublicKey
from vigie.errors import Rejected
from vigie.kms_signature import rsa_over

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        KeySerializationEncryption,
        PrivateFormat,
    )
    from mypy_boto3_kms.client import KMSClient


class KmsRsaPrivateKey(rsa.RSAPrivateKey):
    """Signs by KMS with PKCS #1 v1.5 and SHA-256; whatever needs the secret itself fails.

    Args:
        kms: the KMS client.
        key_id: id, ARN or alias of a key of type RSA_2048 that signs.

    Raises:
        Rejected: `key-type` for another type of key.
        Unavailable: KMS did not give the public key.
    """

    def __init__(self, kms: KMSClient, key_id: str) -> None:
        self._kms = kms
        key = KmsPublicKey.of(kms, key_id)
        public_key = key.public_key()
        if key.spec != "RSA_2048" or not isinstance(public_key, rsa.RSAPublicKey):
            raise Rejected("key-type", "the key is not of type RSA_2048 for signing")
        self._arn = key.arn
        self._public_key = public_key

    @property
    def arn(self) -> str:
        """ARN of the key, whatever it was named by."""
        return self._arn

    @property
    def key_size(self) -> int:
        """Bits."""
        return self._public_key.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        """The public key."""
        return self._public_key

    def sign(
        self,
        data: bytes | bytearray | memoryview,
        padding: padding.AsymmetricPadding,
        algorithm: Prehashed | hashes.HashAlgorithm | NoDigestInfo,
    ) -> bytes:
        """Sign.

        Raises:
            Rejected: `signature-algorithm` for any but PKCS #1 v1.5 with SHA-256 of the data
                itself.
            Unavailable: KMS did not sign.
        """
        if padding.name != _PADDING or not isinstance(algorithm, hashes.SHA256):
            raise Rejected("signature-algorithm", "the key signs with PKCS #1 v1.5 and SHA-256")
        return rsa_over(hashlib.sha256(data).digest(), self._kms, self._arn)

    def decrypt(self, ciphertext: bytes, padding: padding.AsymmetricPadding) -> NoReturn:
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


_PADDING = padding.PKCS1v15().name
