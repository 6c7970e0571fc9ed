"""KMS as it signs a digest: moto hashes it again."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms.responses import KmsResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# KMS's salt is as long as the digest (AWS KMS, asymmetric key specs).
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
_SIGN: Callable[[Any], str] = KmsResponse.sign


@contextmanager
def digests_signed() -> Iterator[None]:
    """Have keys on P-256 and RSA keys sign what is said to be a digest as it is."""
    with mock.patch.object(KmsResponse, "sign", _sign):
        yield


def _sign(response: Any) -> str:  # noqa: ANN401 - moto has no types
    if response._get_param("MessageType") != "DIGEST":
        return _SIGN(response)
    key = response.kms_backend.describe_key(response._get_param("KeyId"))
    # A message of another length than SHA-256's is refused, as KMS refuses it.
    signed, digest = response._get_param("Message"), Prehashed(hashes.SHA256())
    private_key = key.private_key.private_key
    if response._get_param("SigningAlgorithm") == "RSASSA_PSS_SHA_256":
        signature = private_key.sign(signed, _PSS, digest)
    elif response._get_param("SigningAlgorithm") == "RSASSA_PKCS1_V1_5_SHA_256":
        signature = private_key.sign(signed, padding.PKCS1v15(), digest)
    else:
        signature = private_key.sign(signed, ec.ECDSA(digest))
    return json.dumps(
        {
            "KeyId": key.arn,
            "Signature": base64.b64encode(signature).decode(),
            "SigningAlgorithm": response._get_param("SigningAlgorithm"),
        }
    )
