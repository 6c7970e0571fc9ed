"""The list of batches as the EU's gateway gives it, and a batch of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.revocation.batch import BatchList, ListedBatch
from vigie.revocation.revocation_bucket import BATCHES

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.revocation.batch_reader import BatchReader
    from vigie.revocation.revocation_bucket import RevocationBucket
    from vigie.revocation.stored_batch import StoredBatch

_PAGE = 1000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Listing:
    """Our batches.

    Attributes:
        batches: which there are.
        bucket: keeps what is in them.
    """

    batches: BatchReader
    bucket: RevocationBucket

    def page(self, since: datetime | None, now: datetime) -> BatchList:
        """The first thousand batches that changed after a time, behind those of that very second.

        Whoever asks again with the date of the last misses none, and sees that one again. A run
        of the publication may change thousands within a second: if those of the time that is
        asked with counted, the next page would be the same one.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        found: list[StoredBatch] = []
        later, more = 0, False
        for batch in self.batches.own(since):
            if not batch.is_listed(now):
                continue
            if later == _PAGE:
                more = True
                break
            found.append(batch)
            later += since is None or batch.changed_at > since
        return BatchList(
            more=more,
            batches=tuple(
                ListedBatch(
                    batch_id=batch.batch_id,
                    country=batch.country,
                    date=batch.changed_at,
                    deleted=batch.deleted,
                )
                for batch in found
            ),
        )

    def message(self, batch_id: str) -> bytes | None:
        """A batch as it was signed; None if there is none of that id.

        Raises:
            Rejected: `batch-id-malformed`.
            Unavailable: the bucket did not answer.
        """
        if not _UUID.fullmatch(batch_id):
            raise Rejected("batch-id-malformed", "a batch's id is a UUID")
        return self.bucket.batch(BATCHES, batch_id)
