"""Access tokens as an authorization server of the tests gives them."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

ISSUER = "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_test"
SCOPE = "laboratories/uploads"
KID = "key-1"


@cache
def private_key(kid: str = KID) -> rsa.RSAPrivateKey:
    """The key of a name."""
    del kid
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk_set(*kids: str) -> bytes:
    """The issuer's public keys, as it publishes them."""
    keys = []
    for kid in kids or (KID,):
        numbers = private_key(kid).public_key().public_numbers()
        keys.append(
            {
                "kid": kid,
                "kty": "RSA",
                "alg": "RS256",
                "use": "sig",
                "e": _base64(_bytes(numbers.e)),
                "n": _base64(_bytes(numbers.n)),
            }
        )
    return json.dumps({"keys": keys}).encode()


def token(
    client: str, expires_at: float, header: dict[str, Any] | None = None, **claims: object
) -> str:
    """A token of a client; other claims and another header make it a bad one."""
    said = {
        "iss": ISSUER,
        "client_id": client,
        "scope": SCOPE,
        "token_use": "access",
        "exp": int(expires_at),
        **claims,
    }
    told = {"alg": "RS256", "kid": KID, **(header or {})}
    signed = f"{_base64(json.dumps(told).encode())}.{_base64(json.dumps(said).encode())}"
    kid = told["kid"] if isinstance(told["kid"], str) else KID
    signature = private_key(kid).sign(signed.encode(), PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_base64(signature)}"


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
