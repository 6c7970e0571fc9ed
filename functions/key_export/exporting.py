"""The export of released keys: every key in one file, and in one only.

Batches follow each other without gap or overlap: one begins where the one before ended, and
that is said in one item. A batch goes through these steps, each of which can be taken twice or
by two runs at once:

1. planned: its end and the seed of its padding are stored, if it has a key at all;
2. each file is written under a name that follows from the batch, unless it is there: what is
   there counts, its signature and its last key included;
3. finished: the next batch begins, and the files are listed, in one transaction;
4. the index is made to say what is listed.

A run begins with step 4, for the run before may have died before it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from vigie.tracing.release import RETENTION, hours_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from key_export.batch import Batch, Cadence, PlannedBatch
    from key_export.export_bucket import ExportBucket, StoredFile
    from key_export.export_store import ExportStore, Progress
    from key_export.file_making import FileMaker
    from key_export.index_publisher import IndexPublisher
    from key_export.journal import Journal
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.key_reader import KeyReader


class ReleasedKeys(NamedTuple):
    """The keys table, and how long its hours are."""

    reader: KeyReader
    hour: timedelta

    def of(self, batch: Batch, now: datetime, after: bytes = b"") -> Iterator[DiagnosisKey]:
        """The keys of a batch that come after some bytes, in the order of their bytes.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        hours = hours_between(batch.start, batch.end, self.hour)
        return (released.key for released in self.reader.in_order(hours, now, after=after))


class Exporter:
    """Exports what is due, batch by batch.

    Args:
        store: how far exports have come.
        keys: the released keys.
        maker: makes files.
        bucket: keeps them.
        index: lists them.
        cadence: when a batch is due.
        root: folder of the files.
        new_seed: gives 32 random bytes.
        journal: told of what happens.
    """

    def __init__(  # noqa: PLR0913 - what an export is made of
        self,
        *,
        store: ExportStore,
        keys: ReleasedKeys,
        maker: FileMaker,
        bucket: ExportBucket,
        index: IndexPublisher,
        cadence: Cadence,
        root: str,
        new_seed: Callable[[], bytes],
        journal: Journal,
    ) -> None:
        self._store = store
        self._keys = keys
        self._maker = maker
        self._bucket = bucket
        self._index = index
        self._cadence = cadence
        self._root = root
        self._new_seed = new_seed
        self._journal = journal

    def run(self, now: datetime, has_time: Callable[[], bool]) -> None:
        """Export every batch that is due, oldest first, and delete what is too old.

        Args:
            now: the present, aware.
            has_time: asked before each step of a batch; the next run goes on.

        Raises:
            Rejected: a newer version of the system wrote a key or the progress.
            Unavailable: AWS did not answer, or a key is in use; the next run goes on.
        """
        self._index.publish(now)
        self._journal.deleted(self._index.retire(now))
        while has_time():
            progress = self._store.progress()
            if progress is None:
                self._store.begin(self._cadence.first_start(now))
                continue
            self._journal.delayed(self._cadence.delay(progress.through, now))
            batch = progress.planned or self._cadence.batch_after(progress.through)
            if not self._cadence.is_due(batch, now):
                return
            self._go_on(progress, batch, now)
        self._journal.out_of_time()

    def _go_on(self, progress: Progress, batch: Batch, now: datetime) -> None:
        """Take the next step; the caller reads afterwards which run's step counts."""
        if progress.planned is not None:
            self._export(progress.planned, now)
        elif next(self._keys.of(batch, now), None) is None:
            self._store.pass_over(batch)
        else:
            self._store.plan(batch, self._new_seed())

    def _export(self, batch: PlannedBatch, now: datetime) -> None:
        files = self._write_files(batch, now)
        self._store.finish(batch, files)
        self._journal.finished(batch, files)
        self._index.publish(now)

    def _write_files(self, batch: PlannedBatch, now: datetime) -> int:
        """Have every file of a batch in the bucket; how many there are."""
        after = b""
        for number in count(1):
            name = batch.file_name(self._root, number)
            stored = self._bucket.find(name) or self._write(batch, number, after, now)
            if stored is None:
                # Its last keys were deleted since the file before was written.
                return number - 1
            if stored.goes_on_after is None:
                return number
            after = stored.goes_on_after
        raise AssertionError("counting does not end")

    def _write(
        self, batch: PlannedBatch, number: int, after: bytes, now: datetime
    ) -> StoredFile | None:
        made = self._maker.make(batch, number, self._keys.of(batch, now, after), now)
        if made is None:
            return None
        kept = self._bucket.keep(
            batch.file_name(self._root, number),
            made.archive,
            made.said,
            batch.end + RETENTION - now,
        )
        self._journal.exported(batch, number, made)
        return kept
