"""KMS as passes use it: one RSA key that signs digests with PKCS #1 v1.5."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from tests.unit.wallets.certificates import Keys

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


class _Kms:
    def sign(self, **asked: object) -> dict[str, bytes]:
        assert asked["SigningAlgorithm"] == "RSASSA_PKCS1_V1_5_SHA_256"
        assert asked["MessageType"] == "DIGEST"
        digest = cast("bytes", asked["Message"])
        hashed = Prehashed(hashes.SHA256())
        return {"Signature": Keys.passes.sign(digest, padding.PKCS1v15(), hashed)}


def signing_kms() -> KMSClient:
    """A client that signs with the tests' own key, and does nothing else."""
    return cast("KMSClient", _Kms())
