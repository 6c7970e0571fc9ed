"""Making the slices of a signer say what its batches say.

A document says which batches it was made of. Where those are the same there is nothing to do, so
a signer of whom nothing new is revoked costs one request. Slices come before the document that
names them, and go a day after the last one did: whoever has read a document finds its slices.

What another country revokes of whatever signer counts for all signers of that country that the
trust list has, and for no other country's.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from gzip import decompress as gunzip
from typing import TYPE_CHECKING, NamedTuple

from revocation_publication.log_codes import LogCode
from vigie.cms.signed_data import verify
from vigie.errors import Rejected, Unavailable
from vigie.revocation.batch import read_batch
from vigie.revocation.device_list import (
    listed_signer,
    partitions,
    read_kid_text,
    read_listed,
    read_lists,
    read_partitions,
    write_listed,
    write_lists,
    write_partition,
    write_partitions,
)
from vigie.revocation.slices import VERSION, Revoked, signer_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_lambda_powertools import Logger

    from vigie.revocation.device_list import ListedSigner, Partition
    from vigie.revocation.hashes import HashType
    from vigie.revocation.revocation_bucket import RevocationBucket
    from vigie.revocation.slices import SliceType
    from vigie.revocation.stored_batch import StoredBatch

_PARALLEL = 16
_KEPT_DAYS = 1
# Of the documents: with another one they are made again.
_LAYOUT = "2"


@dataclass(frozen=True, slots=True)
class Source:
    """A batch that counts for a signer, and the folder of the bucket that it is in."""

    folder: str
    batch: StoredBatch
    kid: bytes


class _Said(NamedTuple):
    """What a batch says; its models would take far more memory."""

    hash_type: HashType
    hashes: tuple[bytes, ...]
    expires: datetime


@dataclass(frozen=True, slots=True)
class SliceBuilder:
    """Builds the slices of every signer.

    Attributes:
        bucket: keeps batches, slices and documents.
        slice_type: form of the slices.
        rate: false positives of each.
        logger: told of each signer.
    """

    bucket: RevocationBucket
    slice_type: SliceType
    rate: float
    logger: Logger

    def build(self, sources: Iterable[Source], now: datetime) -> None:
        """Make `/lists` and what it leads to say what the batches say.

        Args:
            sources: every batch that counts.
            now: in UTC.

        Raises:
            Unavailable: the bucket did not answer, or lacks a batch.
        """
        by_signer: dict[bytes, list[Source]] = {}
        for source in sources:
            by_signer.setdefault(source.kid, []).append(source)
        made_of = self._made_of(source for some in by_signer.values() for source in some)
        lists = self.bucket.lists()
        if lists is None or lists.made_of != made_of:
            made = [self._signer(kid, some, now) for kid, some in sorted(by_signer.items())]
            listed = [one for one in made if one is not None]
            before = () if lists is None else read_lists(lists.content)
            for kid in {one.kid for one in before} - {one.kid for one in listed}:
                self._drop(read_kid_text(kid), now)
            # Last: it says that all of it is done.
            self.bucket.put_lists(write_lists(listed), made_of)
        self._clear_away(now)

    def _signer(
        self,
        kid: bytes,
        sources: list[Source],
        now: datetime,
    ) -> ListedSigner | None:
        made_of = self._made_of(sources)
        present = self.bucket.generation(kid)
        if present is not None and present.made_of == made_of:
            return read_listed(present.listed)
        with ThreadPoolExecutor(_PARALLEL) as pool:
            # One after another: a signer may have millions.
            revoked = (
                Revoked(said.hash_type, each, said.expires)
                for said in pool.map(self._said, sources)
                for each in said.hashes
            )
            signer = signer_list(revoked, self.slice_type, self.rate)
        if not signer.slices:
            return None
        updated = max(source.batch.changed_at for source in sources)
        found = partitions(kid, signer, updated)
        named = self._named(kid)
        new = {one.name: one.content for one in signer.slices if one.name not in named}
        with ThreadPoolExecutor(_PARALLEL) as pool:
            list(pool.map(lambda item: self.bucket.put_slice(*item), new.items()))
        if present is not None:
            self.bucket.retire(now.date(), kid, present.made_of, named - _names(found))
        listed = listed_signer(kid, signer, updated)
        self.bucket.put_partitions(
            kid,
            write_partitions(found),
            {one.name: write_partition(one) for one in found},
            made_of,
            write_listed(listed),
        )
        self.logger.info(LogCode.SLICES_PUBLISHED, kid=listed.kid, slices=len(signer.slices))
        return listed

    def _drop(self, kid: bytes | None, now: datetime) -> None:
        """Forget a signer of whom nothing is revoked any more."""
        present = self.bucket.generation(kid)
        if present is None:
            return
        self.bucket.retire(now.date(), kid, present.made_of, self._named(kid))
        self.bucket.delete_partitions(kid)

    def _named(self, kid: bytes | None) -> set[str]:
        """The slices that the partitions of a signer name."""
        present = self.bucket.partitions(kid)
        return set() if present is None else _names(read_partitions(gunzip(present.content)))

    def _said(self, source: Source) -> _Said:
        message = self.bucket.batch(source.folder, source.batch.batch_id)
        if message is None:
            raise Unavailable("revocation-bucket:batch-missing")
        try:
            batch = read_batch(verify(message).content)
        except Rejected as rejected:
            # It was read before it was listed; nothing else is to wait for it.
            self.logger.warning(
                LogCode.BATCH_DAMAGED, batch_id=source.batch.batch_id, reason=rejected.code
            )
            return _Said(source.batch.hash_type, (), source.batch.expires)
        return _Said(batch.hash_type, batch.hashes, batch.expires)

    def _clear_away(self, now: datetime) -> None:
        """Delete the slices and generations that no document has named for a day."""
        day = now.date() - timedelta(days=_KEPT_DAYS)
        notes = list(self.bucket.retired_before(day))
        if not notes:
            return
        lists = self.bucket.lists()
        named: set[str] = set()
        for signer in () if lists is None else read_lists(lists.content):
            named |= self._named(read_kid_text(signer.kid))
        for note in notes:
            present = self.bucket.generation(note.kid)
            lives = present is not None and present.made_of == note.made_of
            self.bucket.delete_retired(
                note._replace(
                    made_of="" if lives else note.made_of,
                    slices=tuple(name for name in note.slices if name not in named),
                )
            )

    def _made_of(self, sources: Iterable[Source]) -> str:
        """Which batches slices come from, and how they are made, as a hash."""
        ids = sorted(
            f"{source.folder}/{source.batch.batch_id}/{source.kid.hex()}" for source in sources
        )
        said = "\n".join([self.slice_type, repr(self.rate), VERSION, _LAYOUT, *ids])
        return hashlib.sha256(said.encode()).hexdigest()


def _names(found: Iterable[Partition]) -> set[str]:
    return {name for partition in found for name in partition.slices}
