"""A certificate as it is kept: sealed, beside the name of its source.

Its source is the record that it was made from: a test result or a vaccination.

An item stays below 1 KiB, a write unit of Amazon DynamoDB: hashes are kept as bytes, the
certificate as in `vigie.certificates.packing`, and nothing twice. In schema 1 all that is not
sealed was one document in JSON. Schema 3 knows generations: who reads schema 2 only cannot.
"""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.certificates.kind import CertificateKind
from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 3
# Why one carries on from another that stays as it is, until it expires by itself.
RENEWED = "renewed"
_UNTOLD = "untold"
_HASHES = ("content_hash", "uvci_hash", "signature_hash", "kid")
# Of schema 1.
_RENAMED = {"result_id": "source_id", "result_version": "source_version"}


class CertificateDocument(Frozen):
    """A certificate, without what is sealed.

    Attributes:
        source_id: id of its source.
        certificate: its name among those of its source, see `certificate_name`.
        kind: test, recovery or vaccination.
        source_version: version of the source that it was made from.
        generation: how often it was signed anew since it was first made from that version.
        person: pseudonym.
        disease: key of the disease catalogue.
        content_hash: SHA-256, hexadecimal, of the claims without UVCI and times of issue:
            another version of the source with the same claims keeps the certificate.
        uvci_hash: first 16 bytes of SHA-256 of the UVCI, hexadecimal, for revocation lists.
        signature_hash: the same of the signature, or of its first half for ES256.
        kid: hexadecimal, 8 bytes.
        issued_at: `iat`.
        expires_at: `exp`.
        revoked_at: when it was revoked; None while it holds.
        revocation_reason: `result-corrected`, `result-withdrawn`, the same of a `vaccination`, or
            that of a reissue; None while it holds.
        replaces: name of the one that it carries on from; None if there was none.
        replacement: why: `renewed`, or the reason why the other is revoked.
        untold: whether nobody is sent a message of it, as of one among millions.
    """

    source_id: str
    certificate: str
    kind: CertificateKind
    source_version: int
    generation: int = 0
    person: str
    disease: str
    content_hash: str
    uvci_hash: str
    signature_hash: str
    kid: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    replaces: str | None = None
    replacement: str | None = None
    untold: bool = False


class StoredCertificate(CertificateDocument):
    """A certificate as it is kept.

    Attributes:
        hcert: sealed, see `vigie.certificates.packing`; its record id is
            `<source_id>/<certificate>`, its field `hcert`.
    """

    hcert: bytes

    @property
    def record_id(self) -> str:
        """The id that the sealed field is bound to."""
        return f"{self.source_id}/{self.certificate}"


def certificate_name(kind: str, version: int, generation: int) -> str:
    """What a certificate is called among those of its source, such as `test#1` or `test#1#2`.

    Args:
        kind: of the certificate.
        version: of the source that it is made from.
        generation: 0 as first made, which the name leaves out.
    """
    return f"{kind}#{version}#{generation}" if generation else f"{kind}#{version}"


def to_item(certificate: StoredCertificate) -> "dict[str, AttributeValueTypeDef]":
    """The DynamoDB item. Key: `source_id`, `certificate`."""
    return {
        "source_id": {"S": certificate.source_id},
        "certificate": {"S": certificate.certificate},
        "person": {"S": certificate.person},
        "schema": {"N": str(SCHEMA_VERSION)},
        "disease": {"S": certificate.disease},
        **{name: {"B": bytes.fromhex(getattr(certificate, name))} for name in _HASHES},
        "issued_at": {"N": str(int(certificate.issued_at.timestamp()))},
        "expires_at": {"N": str(int(certificate.expires_at.timestamp()))},
        "hcert": {"B": certificate.hcert},
        **_replacement(certificate),
        **_revocation(certificate),
    }


def _replacement(certificate: CertificateDocument) -> "dict[str, AttributeValueTypeDef]":
    """What the item of a certificate has besides that carries on from another."""
    if certificate.replaces is None:
        return {}
    untold = f" {_UNTOLD}" if certificate.untold else ""
    return {"replaces": {"S": f"{certificate.replaces} {certificate.replacement}{untold}"}}


def _revocation(certificate: CertificateDocument) -> "dict[str, AttributeValueTypeDef]":
    """What the item of a revoked certificate has besides; nothing while it holds."""
    if certificate.revoked_at is None:
        return {}
    return {
        "revoked_at": {"S": certificate.revoked_at.isoformat()},
        "revocation_reason": {"S": certificate.revocation_reason or ""},
    }


def from_item(item: dict[str, Any]) -> StoredCertificate:
    """Read the item of a certificate, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("certificate-schema-unknown", "the item has a newer schema version")
    values = _document(item) if "document" in item else _attributes(item)
    if "revocation_reason" in item:
        values |= {name: item[name]["S"] for name in ("revoked_at", "revocation_reason")}
    return StoredCertificate.model_validate(values | {"hcert": bytes(item["hcert"]["B"])})


def _document(item: dict[str, Any]) -> dict[str, Any]:
    """Of schema 1."""
    written: dict[str, Any] = json.loads(item["document"]["S"])
    return {_RENAMED.get(name, name): value for name, value in written.items()}


def _attributes(item: dict[str, Any]) -> dict[str, Any]:
    name = item["certificate"]["S"]
    kind, version, *generation = name.split("#")
    replaces, replacement, *untold = (
        item["replaces"]["S"].split(" ") if "replaces" in item else (None, None)
    )
    return {
        "source_id": item["source_id"]["S"],
        "certificate": name,
        "kind": kind,
        "source_version": int(version),
        "generation": int(generation[0]) if generation else 0,
        "person": item["person"]["S"],
        "disease": item["disease"]["S"],
        **{hashed: bytes(item[hashed]["B"]).hex() for hashed in _HASHES},
        "replaces": replaces,
        "replacement": replacement,
        "untold": untold == [_UNTOLD],
        "issued_at": datetime.fromtimestamp(int(item["issued_at"]["N"]), UTC),
        "expires_at": datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
    }
