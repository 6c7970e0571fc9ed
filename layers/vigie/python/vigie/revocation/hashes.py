"""What names a revoked certificate: the first 16 bytes of a SHA-256 over a part of it.

Source: the EU's dgc-gateway, revocation hash types. Whoever has the list learns of a certificate
only if it has the certificate as well.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from vigie.dcc import cose
from vigie.dcc.hcert import Contents

HASH_BYTES = 16
_GROUPS = ("v", "t", "r")


class HashType(StrEnum):
    """Which part of a certificate is hashed.

    SIGNATURE names exactly one signed text. UCI and COUNTRYCODEUCI name every certificate of one
    identifier, with the issuing country before it in the latter.
    """

    SIGNATURE = "SIGNATURE"
    UCI = "UCI"
    COUNTRYCODEUCI = "COUNTRYCODEUCI"


def uci_hash(uvci: str) -> bytes:
    """The hash of an identifier, as it is written in the certificate."""
    return _first_half(uvci.encode())


def country_code_uci_hash(issuer: str, uvci: str) -> bytes:
    """The hash of an identifier after the country of the claim `iss`."""
    return _first_half(f"{issuer}{uvci}".encode())


def signature_hash(algorithm: int | None, signature: bytes) -> bytes:
    """The hash of a signature: of `r` alone for ES256, and of all of it otherwise.

    With `-s` for `s` an ES256 signature still verifies; `r` stays the same.

    Args:
        algorithm: of COSE, such as -7.
        signature: as it stands in the message.
    """
    hashed = signature[: len(signature) // 2] if algorithm == cose.ES256 else signature
    return _first_half(hashed)


def of_certificate(contents: Contents) -> Mapping[HashType, bytes]:
    """Every hash that a list may name a certificate by; those whose parts it has.

    Args:
        contents: what stands in its text.
    """
    message, claims = contents.message, contents.claims
    hashes = {HashType.SIGNATURE: signature_hash(message.algorithm, message.signature)}
    uvci = _uvci(claims.certificate)
    if uvci is None:
        return hashes
    hashes[HashType.UCI] = uci_hash(uvci)
    if claims.issuer is not None:
        hashes[HashType.COUNTRYCODEUCI] = country_code_uci_hash(claims.issuer, uvci)
    return hashes


def _uvci(certificate: Mapping[str, object]) -> str | None:
    """The identifier of the first entry that has one."""
    for group in _GROUPS:
        entries = certificate.get(group)
        for entry in entries if isinstance(entries, list) else ():
            uvci = entry.get("ci") if isinstance(entry, dict) else None
            if isinstance(uvci, str):
                return uvci
    return None


def _first_half(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:HASH_BYTES]
