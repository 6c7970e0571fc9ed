"""The revocations table: what is to be published, what was, and what other countries published.

Partition key `list`, sort key `entry`, both text:

- `known#<2 digits>`, hash: a revocation that was recorded, until its certificate has long expired.
- `pending#<1 digit>`, hash: one that is in no batch yet.
- `publication`, `plan`: the batch that is being published.
- `batches`, `<date>#<batch id>`: our batches, in the order in which they changed.
- `foreign`, `<batch id>`: batches of other countries.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.revocation.batch import instant
from vigie.revocation.hashes import HashType

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
OWN = "batches"
FOREIGN = "foreign"
# How long the list still says that a batch was deleted (dgc-gateway).
DELETED_LISTED = timedelta(days=7)


class StoredBatch(Frozen):
    """A batch, without its entries, which are in the bucket.

    Attributes:
        batch_id: a UUID.
        country: of who revokes.
        kid: of the signer, hexadecimal; None for certificates of whatever signer.
        hash_type: what of a certificate is hashed.
        expires: when none of its certificates can be valid any more.
        entries: how many.
        changed_at: when it was added or deleted, to the second.
        deleted: whether it counts no longer.
        gateway_id: of another country's, what the gateway calls it; None if it is not known.
    """

    batch_id: str
    country: str
    kid: str | None
    hash_type: HashType
    expires: datetime
    entries: int
    changed_at: datetime
    deleted: bool = False
    gateway_id: str | None = None

    def counts(self, now: datetime) -> bool:
        """Whether its certificates are to be refused."""
        return not self.deleted and now < self.expires

    def is_listed(self, now: datetime) -> bool:
        """Whether the list names it."""
        return not self.deleted or now < self.changed_at + DELETED_LISTED

    def ended(self, now: datetime) -> StoredBatch:
        """The same, deleted; later than it was added, since a time and an id name one change."""
        changed_at = max(now.replace(microsecond=0), self.changed_at + timedelta(seconds=1))
        return self.model_copy(update={"deleted": True, "changed_at": changed_at})


def key(name: str, entry: str) -> dict[str, AttributeValueTypeDef]:
    """The key of an item."""
    return {"list": {"S": name}, "entry": {"S": entry}}


def own_entry(batch: StoredBatch) -> str:
    """The sort key of one of our batches."""
    return f"{instant(batch.changed_at)}#{batch.batch_id}"


def own_item(batch: StoredBatch) -> dict[str, AttributeValueTypeDef]:
    """The item of one of our batches."""
    return _item(OWN, own_entry(batch), batch)


def foreign_item(batch: StoredBatch) -> dict[str, AttributeValueTypeDef]:
    """The item of another country's batch."""
    return _item(FOREIGN, batch.batch_id, batch)


def from_item(item: dict[str, Any]) -> StoredBatch:
    """Read the item of a batch.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("batch-schema-unknown", "the item has a newer schema version")
    return StoredBatch.model_validate_json(item["document"]["S"])


def _item(name: str, entry: str, batch: StoredBatch) -> dict[str, AttributeValueTypeDef]:
    end = batch.changed_at + DELETED_LISTED if batch.deleted else batch.expires + 2 * DELETED_LISTED
    return {
        **key(name, entry),
        "schema": {"N": str(SCHEMA_VERSION)},
        "document": {"S": batch.model_dump_json()},
        "expires_at": {"N": str(int(end.astimezone(UTC).timestamp()))},
    }
