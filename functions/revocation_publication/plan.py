"""Which revocations become the next batch."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vigie.model import Frozen
from vigie.revocation.batch import MOST_ENTRIES, RevocationBatch, batch_of, instant
from vigie.revocation.expiry import end_of_month
from vigie.revocation.hashes import HASH_BYTES, HashType
from vigie.revocation.stored_batch import StoredBatch

_NAMESPACE = uuid.UUID("a7c60f0e-1f0b-5b57-9a0c-4a6a5d3c0b71")
# What we revoke, we name by its signature: exactly the text that is wrong, and no other of its
# identifier.
_HASH_TYPE = HashType.SIGNATURE


class PendingEntry(Frozen):
    """A revocation that is in no batch yet.

    Attributes:
        hash: 16 bytes.
        kid: of the signer, 8 bytes.
        expires: when the certificate expires.
    """

    hash: bytes
    kid: bytes
    expires: datetime


class PlannedBatch(Frozen):
    """A batch that is being published.

    Attributes:
        kid: of the signer, 8 bytes.
        expires: the end of the month in which its certificates expire.
        hashes: 16 bytes each, in order, one after another.
        planned_at: to the second.
    """

    kid: bytes
    expires: datetime
    hashes: bytes
    planned_at: datetime

    @property
    def batch_id(self) -> str:
        """A UUID that follows from what is in it."""
        said = f"{self.kid.hex()}\x1f{instant(self.expires)}\x1f{self.hashes.hex()}"
        return str(uuid.uuid5(_NAMESPACE, said))

    @property
    def entries(self) -> list[bytes]:
        """The hashes."""
        whole = self.hashes
        return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]

    def content(self, country: str) -> RevocationBatch:
        """What is signed."""
        return batch_of(country, self.expires, self.kid, _HASH_TYPE, self.entries)

    def listed(self, country: str) -> StoredBatch:
        """What the table says of it."""
        return StoredBatch(
            batch_id=self.batch_id,
            country=country,
            kid=self.kid.hex(),
            hash_type=_HASH_TYPE,
            expires=self.expires,
            entries=len(self.entries),
            changed_at=self.planned_at,
        )


def next_batch(pending: Iterable[PendingEntry], now: datetime) -> PlannedBatch | None:
    """The next batch: a full one as soon as there is one, else what there is of a signer.

    A batch expires as a whole, so certificates of a signer come together that expire in the same
    month. Fewer times of expiry make fewer slices.

    Args:
        pending: read as far as it takes.
        now: aware.

    Returns:
        None if nothing is pending.
    """
    groups: dict[tuple[bytes, datetime], list[bytes]] = defaultdict(list)
    for entry in pending:
        group = entry.kid, end_of_month(entry.expires)
        groups[group].append(entry.hash)
        if len(groups[group]) == MOST_ENTRIES:
            return _planned(group, groups[group], now)
    for group, hashes in sorted(groups.items()):
        return _planned(group, hashes, now)
    return None


def _planned(group: tuple[bytes, datetime], hashes: list[bytes], now: datetime) -> PlannedBatch:
    kid, expires = group
    return PlannedBatch(
        kid=kid,
        expires=expires,
        hashes=b"".join(sorted(hashes)),
        planned_at=now.replace(microsecond=0),
    )
