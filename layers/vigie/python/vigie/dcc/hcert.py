"""The text in the QR code: `HC1:` and the signed claims, deflated, in base45.

Source: hcert-spec 1.0.8, sections 2 to 4.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime

from vigie.dcc import base45, cose, cwt
from vigie.dcc.certificate import DigitalCovidCertificate
from vigie.dcc.errors import DecodingError

PREFIX = "HC1:"
# What the largest QR code holds in alphanumeric mode (ISO/IEC 18004, 40-L).
MAX_TEXT_CHARACTERS = 4296
MAX_COSE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in a text; nothing in it is verified."""

    message: cose.Signed
    claims: cwt.Claims


def unsigned(  # noqa: PLR0913 - what the claims and their header say
    certificate: DigitalCovidCertificate,
    *,
    issuer: str,
    issued_at: datetime,
    expires_at: datetime,
    kid: bytes,
    algorithm: int = cose.ES256,
) -> cose.Unsigned:
    """Prepare a certificate for its signature.

    Args:
        certificate: the content.
        issuer: ISO 3166-1 alpha-2 of the issuing country.
        issued_at: aware; not before the signer's certificate is valid.
        expires_at: aware; not after the signer's certificate is valid.
        kid: of the signer, 8 bytes.
        algorithm: that the signer's key is for, ES256 or PS256.

    Raises:
        EncodingError: `claims-period` or `kid-length`.
    """
    payload = cwt.encode(
        certificate.to_map(), issuer=issuer, issued_at=issued_at, expires_at=expires_at
    )
    return cose.unsigned(payload, kid, algorithm)


def assemble(message: cose.Unsigned, signature: bytes) -> str:
    """Make the text of a message and its signature (`vigie.dcc.cose.assemble`).

    Raises:
        EncodingError: `signature-length`.
    """
    return PREFIX + base45.encode(zlib.compress(cose.assemble(message, signature), 9))


def unprefix(text: str) -> str:
    """Take the base45 part of a text.

    Raises:
        DecodingError: `prefix` if another one or none leads, `text-length` over 4,296 characters.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise DecodingError("text-length", "the text is longer than any QR code")
    if not text.startswith(PREFIX):
        raise DecodingError("prefix", "the text does not begin with HC1:")
    return text.removeprefix(PREFIX)


def inflate(data: bytes) -> bytes:
    """Decompress one zlib stream (RFC 1950) of at most 64 KiB.

    Raises:
        DecodingError: `compression` if it is no such stream, or `compression-size`.
    """
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(data, MAX_COSE_BYTES + 1)
    except zlib.error:
        raise DecodingError("compression", "the data is not a zlib stream") from None
    if len(content) > MAX_COSE_BYTES:
        raise DecodingError("compression-size", "the data inflates beyond 64 KiB")
    if not inflater.eof or inflater.unused_data:
        raise DecodingError("compression", "the zlib stream does not end with the data")
    return content


def read(text: str) -> Contents:
    """Read a text without any trust in it.

    Raises:
        DecodingError: naming the first rule that it breaks.
    """
    message = cose.read(inflate(base45.decode(unprefix(text))))
    return Contents(message, cwt.read(message.payload))
