"""The key that makes the proofs of a DID document, from a file that an operator has."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cli.reading import ReadingError, read_file
from cli.trust_list import certificates_in

if TYPE_CHECKING:
    from pathlib import Path


def load_proof_key(path: Path) -> ec.EllipticCurvePublicKey:
    """Read a key on P-256.

    Args:
        path: of a public key in PEM, a certificate in PEM or DER, a JWK (RFC 7517), or the DID
            document of who signs, whose one method has the key.

    Raises:
        ReadingError: it is none of these, naming the file.
    """
    content = read_file(path)
    try:
        key = _key(content, path)
    except (ValueError, KeyError, TypeError, RecursionError, x509.InvalidVersion):
        raise ReadingError(f"{path.name}: no key on P-256") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ReadingError(f"{path.name}: no key on P-256")
    return key


def _key(content: bytes, path: Path) -> object:
    if content.lstrip().startswith(b"{"):
        return _of_jwk(_jwk(json.loads(content)))
    if b"-----BEGIN PUBLIC KEY-----" in content:
        return load_pem_public_key(content)
    (certificate,) = certificates_in(path)
    return x509.load_der_x509_certificate(certificate).public_key()


def _jwk(document: dict[str, Any]) -> dict[str, str]:
    if "verificationMethod" not in document:
        return document
    (method,) = document["verificationMethod"]
    found: dict[str, str] = method["publicKeyJwk"]
    return found


def _of_jwk(jwk: dict[str, str]) -> ec.EllipticCurvePublicKey:
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ValueError
    x, y = (_number(jwk[name]) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
