"""The configuration as it is published: numbered, and signed.

A document is a JWS in its compact form (RFC 7515) with ES256, whose payload is a `Document`.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ConfigDict, Field, ValidationError

from vigie.app_configuration.configuration import MOST_BYTES, AppConfiguration
from vigie.app_configuration.part import Part
from vigie.errors import Rejected
from vigie.tracing import compact_jws

_MOST_CHARACTERS = 2 * MOST_BYTES


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
        Rejected: `document-malformed`, `document-signature`, `key-malformed`, or the rule of a
            JWS that the file breaks.
    """
    signed = compact_jws.read(file.decode("ascii", "replace"), _MOST_CHARACTERS)
    known = [key for key in keys if key.get("kid") == signed.header.get("kid")]
    if not any(signed.is_by(_public_key(key)) for key in known):
        raise Rejected("document-signature", "none of the keys signed this file")
    try:
        return Document.model_validate_json(signed.payload)
    except ValidationError:
        raise Rejected("document-malformed", "the file is no app configuration") from None


def _public_key(key: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    try:
        x, y = (_integer(key[name]) for name in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, ValueError):
        raise Rejected("key-malformed", "a key is not on the curve P-256") from None


def _integer(coordinate: str) -> int:
    return int.from_bytes(
        base64.urlsafe_b64decode(coordinate + "=" * (-len(coordinate) % 4)), "big"
    )
