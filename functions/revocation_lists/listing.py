"""The list of batches as the EU's gateway gives it, and a batch of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.revocation.batch import BatchList, ListedBatch
from vigie.revocation.revocation_bucket import BATCHES

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.revocation.batch_reader import BatchReader
    from vigie.revocation.revocation_bucket import RevocationBucket

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
        """The first thousand batches that changed at a time or later.

        Whoever asks again with the date of the last misses none, and sees that one again.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        changed = (batch for batch in self.batches.own(since) if batch.is_listed(now))
        found = list(islice(changed, _PAGE + 1))
        return BatchList(
            more=len(found) > _PAGE,
            batches=tuple(
                ListedBatch(
                    batch_id=batch.batch_id,
                    country=batch.country,
                    date=batch.changed_at,
                    deleted=batch.deleted,
                )
                for batch in found[:_PAGE]
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
