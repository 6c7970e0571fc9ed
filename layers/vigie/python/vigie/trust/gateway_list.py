"""Trust lists as the EU's gateway gives them (dgc-gateway, `GET /trustList`).

A JSON array of `TrustListDto`: `kid` (base64), `timestamp`, `country`, `certificateType`,
`thumbprint` (SHA-256 in hexadecimal), `signature` (CMS) and `rawData` (DER in base64). Whose the
signatures are is looked at by `gateway_signatures`.
"""

import base64

from vigie.dcc.errors import DecodingError, SignerError
from vigie.trust.candidates import (
    Candidate,
    Candidates,
    certificate_in,
    check_count,
    json_in,
)
from vigie.trust.foreign_certificate import iso_country

_SIGNER, _AUTHORITY, _UPLOADER = "DSC", "CSCA", "UPLOAD"


def read(content: bytes) -> Candidates:
    """Read a list.

    Args:
        content: JSON in UTF-8.

    Raises:
        DecodingError: `list-size`, `list-count` or `list-json`.
    """
    entries = json_in(content)
    if not isinstance(entries, list):
        raise DecodingError("list-json", "the list is not a JSON array")
    check_count(entries)
    found = Candidates()
    for number, entry in enumerate(entries, 1):
        _add(found, f"entry {number}", entry)
    return found


def _add(found: Candidates, place: str, entry: object) -> None:
    kind = entry.get("certificateType") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(kind, str):
        found.unreadable(place, DecodingError("entry-type", "it is no entry with a type"))
        return
    if kind not in {_SIGNER, _AUTHORITY, _UPLOADER}:
        found.others += 1
        return
    try:
        certificate = certificate_in(entry.get("rawData"))
    except (DecodingError, SignerError) as error:
        found.unreadable(place, error)
        return
    country, signature = (_text(entry.get(name)) for name in ("country", "signature"))
    candidate = Candidate(place, certificate, iso_country(country), signature)
    thumbprint = entry.get("thumbprint")
    if isinstance(thumbprint, str) and thumbprint.lower() != certificate.thumbprint.hex():
        refusal = candidate.refused("thumbprint", "its thumbprint is not its certificate's")
        found.refusals.append(refusal)
    elif kind == _AUTHORITY:
        found.authorities.append(candidate)
    elif kind == _UPLOADER:
        found.uploaders.append(candidate)
    elif entry.get("kid") != base64.b64encode(certificate.kid).decode():
        found.refusals.append(candidate.refused("kid", "its kid is not its certificate's"))
    else:
        found.signers.append(candidate)


def _text(declared: object) -> str:
    return declared if isinstance(declared, str) else ""
