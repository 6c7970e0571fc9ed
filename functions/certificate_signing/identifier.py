"""The identifier of a certificate (UVCI), derived under a key."""

import base64
import hashlib
import hmac

from vigie.certificates.kind import CertificateKind
from vigie.dcc import uvci

_OPAQUE_CHARACTERS = 26


def certificate_uvci(
    key: bytes, country: str, record_id: str, kind: CertificateKind, version: int
) -> str:
    """`URN:UVCI:01:<country>:<26 characters of base32>#<checksum>`, the same at every retry.

    The 130 bits come from HMAC-SHA256: a plain hash of a guessable identifier could be
    enumerated, and an identifier must say nothing of the person or the record (eHealth
    Network, interoperability guidelines, annex 2).

    Args:
        key: 32 secret bytes; see `vigie.sealing.DerivedKey`.
        country: ISO 3166-1 alpha-2.
        record_id: the result or vaccination that the certificate is made from.
        kind: of the certificate.
        version: of the record.
    """
    named = f"uvci\x00{record_id}\x1f{kind}\x1f{version}".encode()
    digest = hmac.digest(key, named, hashlib.sha256)
    return uvci.build(country, base64.b32encode(digest).decode()[:_OPAQUE_CHARACTERS])
