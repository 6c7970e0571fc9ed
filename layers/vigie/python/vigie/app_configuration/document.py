"""The configuration as it is published: numbered, and signed.

A document is a JWS in its compact form (RFC 7515) with ES256, whose payload is a `Document`.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import ConfigDict, Field, ValidationError

from vigie.app_configuration.configuration import AppConfiguration
from vigie.app_configuration.part import Part
from vigie.errors import Rejected

_PARTS = 3
_SIGNATURE_BYTES = 64
_ECDSA = ec.ECDSA(SHA256())


class Document(Part):
    """What is signed.

    Attributes:
        number: one more for each publication, so that a phone refuses one that is older than
            what it has.
        published_at: when, in UTC.
        configuration: what is in force.
    """

    model_config = ConfigDict(populate_by_name=True)

    number: int = Field(ge=1)
    published_at: datetime
    configuration: AppConfiguration

    def payload(self) -> bytes:
        """The JSON that is signed."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Pointer(Part):
    """What tells phones of the document in force. It is not signed, for the document is.

    Attributes:
        number: of the document.
        document: its path below the address of tracing.
        sha256: of the file there, in hexadecimal.
    """

    number: int
    document: str
    sha256: str


def read_signed(file: bytes, keys: Sequence[Mapping[str, str]]) -> Document:
    """A document, if one of the keys signed it.

    Args:
        file: the JWS.
        keys: JWKs (RFC 7517) on P-256.

    Raises:
        Rejected: `document-malformed` or `document-signature`.
    """
    parts = file.split(b".")
    if len(parts) != _PARTS:
        raise _malformed()
    header, signature = _object(parts[0]), _decoded(parts[2])
    known = [one for one in keys if one.get("kid") == header.get("kid")]
    if header.get("alg") != "ES256" or not known or len(signature) != _SIGNATURE_BYTES:
        raise _unsigned()
    half = _SIGNATURE_BYTES // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        _public_key(known[0]).verify(encode_dss_signature(r, s), parts[0] + b"." + parts[1], _ECDSA)
    except InvalidSignature:
        raise _unsigned() from None
    try:
        return Document.model_validate_json(_decoded(parts[1]))
    except ValidationError:
        raise _malformed() from None


def _public_key(key: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_decoded(key.get(name, "").encode()), "big") for name in ("x", "y"))
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        raise Rejected("key-malformed", "a key is not on the curve P-256") from None


def _object(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(_decoded(part))
    except ValueError:
        raise _malformed() from None
    if not isinstance(found, dict):
        raise _malformed()
    return found


def _decoded(part: bytes) -> bytes:
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), b"-_", validate=True)
    except binascii.Error:
        raise _malformed() from None


def _malformed() -> Rejected:
    return Rejected("document-malformed", "the file is no signed app configuration")


def _unsigned() -> Rejected:
    return Rejected("document-signature", "none of the keys signed this file")
