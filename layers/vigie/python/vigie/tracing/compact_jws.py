"""JSON Web Signatures in compact form (RFC 7515) with ES256 (RFC 7518, section 3.4)."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from vigie.errors import Rejected

ALGORITHM = "ES256"
TYPE = "JWT"
SIGNATURE_BYTES = 64

_PARTS = 3
_HALF = SIGNATURE_BYTES // 2
_ECDSA = ec.ECDSA(SHA256())


class CompactJws(NamedTuple):
    """A JWS taken apart, whose signature nobody has looked at yet.

    Attributes:
        header: its protected header.
        payload: as it is signed.
        signed: what the signature is over.
        signature: in DER.
    """

    header: dict[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes

    def is_by(self, key: ec.EllipticCurvePublicKey) -> bool:
        """Whether a key on P-256 made the signature."""
        try:
            key.verify(self.signature, self.signed, _ECDSA)
        except InvalidSignature:
            return False
        return True

    def claims(self) -> dict[str, Any]:
        """The payload as the claims of a JWT (RFC 7519).

        Raises:
            Rejected: `jws-payload`.
        """
        return _object(self.payload, "jws-payload")


def read(text: str, most_characters: int) -> CompactJws:
    """Take a JWS apart; its algorithm has to be ES256, whatever else its header says.

    Args:
        text: header, payload and signature in base64url, between dots.
        most_characters: how long it may be.

    Raises:
        Rejected: `jws-form`, `jws-header`, `jws-algorithm`.
    """
    parts = text.split(".") if len(text) <= most_characters else []
    if len(parts) != _PARTS:
        raise Rejected("jws-form", "it is not a JWS in compact form")
    header = _object(_decoded(parts[0]), "jws-header")
    if header.get("alg") != ALGORITHM or "crit" in header:
        raise Rejected("jws-algorithm", f"it is not signed with {ALGORITHM}")
    signature = _decoded(parts[2])
    if len(signature) != SIGNATURE_BYTES:
        raise Rejected("jws-form", f"the signature has not {SIGNATURE_BYTES} bytes")
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    return CompactJws(
        header,
        _decoded(parts[1]),
        f"{parts[0]}.{parts[1]}".encode("ascii"),
        encode_dss_signature(r, s),
    )


def signing_input(kid: str, claims: Mapping[str, object]) -> str:
    """What is signed of a JWT: header and claims (RFC 7515, section 5.1)."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": TYPE}
    return f"{_part(header)}.{_part(claims)}"


def compact(signed: str, signature: bytes) -> str:
    """The JWS, from what was signed and its signature: r and s of 32 bytes each."""
    return f"{signed}.{base64url(signature)}"


def kid_of(key_arn: str) -> str:
    """The `kid` of a KMS key: its key id, which signer and verifier know from its ARN."""
    return key_arn.rpartition("/")[2]


def base64url(content: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _part(content: Mapping[str, object]) -> str:
    return base64url(json.dumps(content, separators=(",", ":")).encode())


def _object(content: bytes, rule: str) -> dict[str, Any]:
    try:
        read_object = json.loads(content)
    except (ValueError, RecursionError):
        raise Rejected(rule, "it is not JSON") from None
    if not isinstance(read_object, dict):
        raise Rejected(rule, "it is not a JSON object")
    return read_object


def _decoded(part: str) -> bytes:
    """Base64url without padding, and written in the one way that there is (RFC 7515)."""
    try:
        content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise Rejected("jws-form", "a part is not base64url") from None
    if base64url(content) != part:
        raise Rejected("jws-form", "a part is not base64url in its one form")
    return content
