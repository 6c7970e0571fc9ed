"""A 2D-DOC as it is kept: sealed, beside the id of its source: a result or a vaccination."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
SEALED_FIELD = "twoddoc"


class StoredCode(Frozen):
    """A 2D-DOC.

    Attributes:
        source_id: id of its source.
        document: its name among those of its source, `B2#<version of the source>`,
            or `L1#…` of a vaccination.
        person: pseudonym.
        content_hash: SHA-256 of what it says, without who signed it and when: another version
            of the source that says the same keeps it.
        fingerprint: what a list of revoked ones names it by; see `vigie.twoddoc.code`.
        signed_at: aware.
        expires_at: Unix seconds after which the item may be deleted, as its source's.
        text: sealed; its record id is `<source_id>/<document>`.
        revoked_at: when it was revoked; None while it holds.
    """

    source_id: str
    document: str
    person: str
    content_hash: bytes
    fingerprint: bytes
    signed_at: datetime
    expires_at: int
    text: bytes
    revoked_at: datetime | None = None

    @property
    def record_id(self) -> str:
        """The id that the sealed text is bound to."""
        return f"{self.source_id}/{self.document}"


def content_hash(body: str) -> bytes:
    """The SHA-256 of what a document says."""
    return hashlib.sha256(body.encode()).digest()


def to_item(code: StoredCode) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item. Key: `source_id`, `document`."""
    item: dict[str, AttributeValueTypeDef] = {
        "source_id": {"S": code.source_id},
        "document": {"S": code.document},
        "person": {"S": code.person},
        "schema": {"N": str(SCHEMA_VERSION)},
        "content_hash": {"B": code.content_hash},
        "fingerprint": {"B": code.fingerprint},
        "signed_at": {"N": str(int(code.signed_at.timestamp()))},
        "expires_at": {"N": str(code.expires_at)},
        "text": {"B": code.text},
    }
    if code.revoked_at is not None:
        item["revoked_at"] = {"S": code.revoked_at.isoformat()}
    return item


def from_item(item: dict[str, Any]) -> StoredCode:
    """Read the item of a 2D-DOC.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("twoddoc-schema-unknown", "the item has a newer schema version")
    revoked_at = item.get("revoked_at")
    return StoredCode(
        source_id=item["source_id"]["S"],
        document=item["document"]["S"],
        person=item["person"]["S"],
        content_hash=bytes(item["content_hash"]["B"]),
        fingerprint=bytes(item["fingerprint"]["B"]),
        signed_at=datetime.fromtimestamp(int(item["signed_at"]["N"]), UTC),
        expires_at=int(item["expires_at"]["N"]),
        text=bytes(item["text"]["B"]),
        revoked_at=datetime.fromisoformat(revoked_at["S"]) if revoked_at else None,
    )
