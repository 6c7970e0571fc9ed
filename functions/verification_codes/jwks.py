"""The public key of certificates, as a JSON Web Key Set (RFC 7517)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vigie.kms_public_key import elliptic_public_key
from vigie.tracing.compact_jws import ALGORITHM, base64url, kid_of

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

_COORDINATE_BYTES = 32


class KeySet:
    """The key set with the one key that signs.

    Args:
        kms: the KMS client, asked for the public key once.
        key_arn: of a key of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._document: str | None = None

    def document(self) -> str:
        """The key set, as JSON.

        Raises:
            Rejected: the key is on another curve.
            Unavailable: KMS did not give the public key.
        """
        if self._document is None:
            self._document = self._made()
        return self._document

    def _made(self) -> str:
        point = elliptic_public_key(self._kms, self._key_arn).public_numbers()
        x, y = (base64url(one.to_bytes(_COORDINATE_BYTES, "big")) for one in (point.x, point.y))
        described = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
        use = {"kid": kid_of(self._key_arn), "use": "sig", "alg": ALGORITHM}
        return json.dumps({"keys": [described | use]})
