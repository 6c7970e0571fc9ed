"""The text of a 2D-DOC: a header, fields, and a signature behind US.

Source: ANTS, "Spécifications techniques des codes à barres 2D-Doc", version 3.1.3 (2021).
The signature is ECDSA on P-256 with SHA-256 over all that stands before US, r and s of 32
bytes each, in base32 (RFC 4648) without padding.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from vigie.dcc import cose
from vigie.dcc.errors import DecodingError, EncodingError
from vigie.twoddoc import header as headers
from vigie.twoddoc.header import MARKER, Header

UNIT_SEPARATOR = "\x1f"
# What the largest DataMatrix holds in its densest mode for letters (ISO/IEC 16022).
MAX_CHARACTERS = 2335
SIGNATURE_BYTES = 64

_GROUP = 8
_TEXT = re.compile(r"[\x1d-\x1f -Z]*")
_BEGINNING = re.compile(MARKER + "0[234][A-Z0-9]")
_CARRIER = "bonjour.tousanticovid.gouv.fr"
# Each character may be percent-encoded.
_MAX_LINK_CHARACTERS = 4 * MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A document that waits for its signature."""

    text: str

    @property
    def algorithm(self) -> int:
        """The only one, as COSE numbers it: ECDSA with SHA-256."""
        return cose.ES256

    @property
    def signature_input(self) -> bytes:
        """What is signed."""
        return self.text.encode("ascii")


@dataclass(frozen=True, slots=True)
class Code:
    """A document as it was read; nothing in it is verified.

    Attributes:
        header: who signs what.
        body: its fields, as they stand in the text.
        signature_input: what was signed.
        signature: r and s of 32 bytes each.
    """

    header: Header
    body: str
    signature_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> int:
        """The only one, as COSE numbers it: ECDSA with SHA-256."""
        return cose.ES256


def unsigned(header: Header, body: str) -> Unsigned:
    """Put a header before fields.

    Raises:
        EncodingError: `2d-doc-header` or `2d-doc-length`.
    """
    text = headers.write(header) + body
    if len(text) + 1 + SIGNATURE_BYTES * 2 > MAX_CHARACTERS:
        raise EncodingError("2d-doc-length", "no DataMatrix holds a document of this length")
    return Unsigned(text)


def assemble(document: Unsigned, signature: bytes) -> str:
    """Join a document and its raw signature of 64 bytes.

    Raises:
        EncodingError: `signature-length`.
    """
    if len(signature) != SIGNATURE_BYTES:
        raise EncodingError("signature-length", "a signature has 64 bytes")
    written = base64.b32encode(signature).decode("ascii").rstrip("=")
    return f"{document.text}{UNIT_SEPARATOR}{written}"


def read(text: str) -> Code:
    """Read a text without any trust in it.

    Raises:
        DecodingError: `2d-doc-length`, `2d-doc-character`, `2d-doc-header` or
            `2d-doc-signature`.
    """
    if len(text) > MAX_CHARACTERS:
        raise DecodingError("2d-doc-length", "the text is longer than any DataMatrix")
    if not _TEXT.fullmatch(text):
        raise DecodingError("2d-doc-character", "a character has no place in a 2D-DOC")
    signed, separator, signature = text.partition(UNIT_SEPARATOR)
    header, body = headers.read(signed)
    if not separator:
        raise DecodingError("2d-doc-signature", "there is no signature")
    return Code(header, body, signed.encode("ascii"), _signature(signature))


def fingerprint(text: str) -> bytes:
    """What names a document that is revoked: the SHA-256 of all that stands before US.

    So France's applications TousAntiCovid and its verifier named them: the signature is left
    out, which can be turned around and still verify.
    """
    return hashlib.sha256(text.partition(UNIT_SEPARATOR)[0].encode()).digest()


def is_code(text: str) -> bool:
    """Whether a text begins as a 2D-DOC that can be read here."""
    return _BEGINNING.match(text) is not None


def carried(text: str) -> str:
    """The document in a link of the application TousAntiCovid, or the text itself.

    Such a link has it percent-encoded as the parameter `v` of the path `/app/wallet`, or
    behind the `#` of `/app/wallet2d`.
    """
    if len(text) > _MAX_LINK_CHARACTERS or "://" not in text:
        return text
    try:
        link = urlsplit(text)
    except ValueError:
        return text
    if link.hostname != _CARRIER:
        return text
    return unquote(link.query.removeprefix("v=") or link.fragment)


def _signature(text: str) -> bytes:
    bare = text.rstrip("=")
    try:
        signature = base64.b32decode(bare + "=" * (-len(bare) % _GROUP))
    except binascii.Error:
        raise DecodingError("2d-doc-signature", "the signature is not base32") from None
    if len(signature) != SIGNATURE_BYTES:
        raise DecodingError("2d-doc-signature", "the signature has not 64 bytes")
    return signature
