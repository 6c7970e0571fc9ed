"""A certificate as it is kept: sealed, beside the name of its source.

Its source is the record that it was made from: a test result.

An item stays below 1 KiB, a write unit of Amazon DynamoDB: hashes are kept as bytes, the
certificate as in `vigie.certificates.packing`, and nothing twice. In schema 1 all that is not
sealed was one document in JSON.
"""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 2
_HASHES = ("content_hash", "uvci_hash", "signature_hash", "kid")
# Of schema 1.
_RENAMED = {"result_id": "source_id", "result_version": "source_version"}


class CertificateDocument(Frozen):
    """A certificate, without what is sealed.

    Attributes:
        source_id: id of its source.
        certificate: its name among those of its source, `<kind>#<version of the source>`.
        kind: test or recovery.
        source_version: version of the source that it was made from.
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
        revocation_reason: `result-corrected`, `result-withdrawn`; None while it holds.
    """

    source_id: str
    certificate: str
    kind: Literal["test", "recovery"]
    source_version: int
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
        **_revocation(certificate),
    }


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
    kind, version = name.split("#")
    return {
        "source_id": item["source_id"]["S"],
        "certificate": name,
        "kind": kind,
        "source_version": int(version),
        "person": item["person"]["S"],
        "disease": item["disease"]["S"],
        **{hashed: bytes(item[hashed]["B"]).hex() for hashed in _HASHES},
        "issued_at": datetime.fromtimestamp(int(item["issued_at"]["N"]), UTC),
        "expires_at": datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
    }
