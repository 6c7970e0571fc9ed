"""Publishing what was revoked: in signed batches that never change, and in slices.

A batch goes through these steps, each of which can be taken twice or by two runs at once:

1. planned: what is in it is stored, unless something is planned;
2. signed: the message is written under the batch's id, unless it is there;
3. taken off: its revocations are pending no longer;
4. listed: the list names it, and nothing is planned, in one transaction.

Then batches whose time is over are listed as deleted, and the slices are made to say what the
batches say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revocation_publication.plan import next_batch
from revocation_publication.slice_building import Source
from vigie.revocation.batch import write_batch
from vigie.revocation.revocation_bucket import BATCHES, FOREIGN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from revocation_publication.journal import Journal
    from revocation_publication.plan import PlannedBatch
    from revocation_publication.publication_store import PublicationStore
    from revocation_publication.slice_building import SliceBuilder
    from revocation_publication.upload_signer import UploadSigner
    from vigie.revocation.batch_reader import BatchReader
    from vigie.revocation.revocation_bucket import RevocationBucket
    from vigie.revocation.stored_batch import StoredBatch
    from vigie.trust.trusted_kids import TrustedKids


@dataclass(frozen=True, slots=True)
class Publication:
    """Publishes revocations.

    Attributes:
        store: what is pending and planned.
        batches: what was published, here and elsewhere.
        bucket: keeps signed batches.
        signer: signs them.
        builder: builds slices.
        trusted: knows the signers of each country.
        country: whose batches they are.
        journal: told of what happens.
    """

    store: PublicationStore
    batches: BatchReader
    bucket: RevocationBucket
    signer: UploadSigner
    builder: SliceBuilder
    trusted: TrustedKids
    country: str
    journal: Journal

    def run(self, now: datetime, has_time: Callable[[], bool]) -> None:
        """Publish all that is pending, as far as the time goes, and build the slices.

        Args:
            now: in UTC.
            has_time: asked before each batch; the next run goes on.

        Raises:
            Rejected: a newer version of the system wrote a batch.
            Unavailable: AWS did not answer, or nobody is configured to sign; the next run goes on.
        """
        while has_time():
            planned = self.store.plan()
            if planned is not None:
                self._publish(planned)
                continue
            planned = next_batch(self.store.pending(), now)
            if planned is None:
                break
            self.store.begin(planned)
        else:
            self.journal.out_of_time()
        self._end(now)
        self.builder.build(self._counting(now), now)

    def _publish(self, planned: PlannedBatch) -> None:
        content = write_batch(planned.content(self.country))
        message = self.signer.sign(content, planned.planned_at)
        self.bucket.keep_batch(BATCHES, planned.batch_id, message)
        self.store.take_off(planned)
        listed = planned.listed(self.country)
        if self.store.finish(planned, listed):
            self.journal.published(listed)

    def _end(self, now: datetime) -> None:
        for batch in list(self.batches.own()):
            over = not batch.deleted and now >= batch.expires
            if over and self.store.end(batch, now):
                self.journal.ended(batch)

    def _counting(self, now: datetime) -> Iterator[Source]:
        for folder, batches in (
            (BATCHES, self.batches.own()),
            (FOREIGN, self.batches.foreign()),
        ):
            for batch in batches:
                if batch.counts(now):
                    yield from (Source(folder, batch, kid) for kid in self._kids(batch))

    def _kids(self, batch: StoredBatch) -> Iterable[bytes]:
        """Whose certificates a batch is about."""
        if batch.kid is not None:
            return (bytes.fromhex(batch.kid),)
        return self.trusted.of_country(batch.country)
