"""Signatures over published lists, by a key that never leaves KMS.

They are made when a list is published, and never while someone asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vigie.aws import aws_errors
from vigie.dcc.cose import der_to_raw
from vigie.errors import Rejected
from vigie.kms_signature import ecdsa_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_kms.client import KMSClient

_COORDINATE_BYTES = 32


class ListSigner:
    """Signs with ECDSA on P-256 and SHA-256.

    Args:
        kms: the KMS client.
        key_arn: of a key of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def signature(self, body: bytes) -> str:
        """The value of `X-SIGNATURE` for a body: DER in base64, another at every call.

        As in dgca-businessrule-service (`ListSigningService`), what is signed is the SHA-256 of
        the body in hexadecimal, as text.

        Raises:
            Unavailable: KMS did not sign.
        """
        text = hashlib.sha256(body).hexdigest()
        return base64.b64encode(self._sign(text.encode())).decode()

    def jws(self, payload: bytes) -> str:
        """A payload as a signed JWS in its compact form (RFC 7515), with ES256.

        Raises:
            Rejected: `key-type`, the key is not one of P-256.
            Unavailable: KMS did not sign.
        """
        header = {"alg": "ES256", "kid": self.jwk["kid"], "typ": "JOSE"}
        signed = f"{base64url(json.dumps(header).encode())}.{base64url(payload)}"
        return f"{signed}.{base64url(der_to_raw(self._sign(signed.encode())))}"

    def detached_jws(self, payload: bytes) -> str:
        """A signed JWS beside its payload, which is not encoded (RFC 7797), with ES256.

        Raises:
            Unavailable: KMS did not sign.
        """
        header = base64url(json.dumps({"alg": "ES256", "b64": False, "crit": ["b64"]}).encode())
        signature = self._sign(header.encode() + b"." + payload)
        return f"{header}..{base64url(der_to_raw(signature))}"

    @cached_property
    def jwk(self) -> Mapping[str, str]:
        """The public key as a JWK (RFC 7517), whose kid is its thumbprint (RFC 7638).

        Raises:
            Rejected: `key-type`, the key is not one of P-256.
            Unavailable: KMS did not give the public key.
        """
        with aws_errors("kms-public-key"):
            key = load_der_public_key(self._kms.get_public_key(KeyId=self._key_arn)["PublicKey"])
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(
            key.curve, ec.SECP256R1
        ):
            raise Rejected("key-type", "the key of the lists is not P-256")
        return jwk(key)

    def _sign(self, message: bytes) -> bytes:
        return ecdsa_over(hashlib.sha256(message).digest(), self._kms, self._key_arn)


def jwk(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> dict[str, str]:
    """A public key of P-256 or RSA as a JWK, whose kid is its thumbprint (RFC 7638)."""
    members = _members(key)
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return {**members, "kid": base64url(hashlib.sha256(canonical.encode()).digest())}


def _members(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    if isinstance(numbers, ec.EllipticCurvePublicNumbers):
        x = base64url(numbers.x.to_bytes(_COORDINATE_BYTES, "big"))
        y = base64url(numbers.y.to_bytes(_COORDINATE_BYTES, "big"))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}
    return {"e": _integer(numbers.e), "kty": "RSA", "n": _integer(numbers.n)}


def _integer(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def base64url(data: bytes) -> str:
    """Base64 as JOSE has it: for URLs, without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
