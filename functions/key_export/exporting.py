"""The export of released keys: for a region, every key in one file, and in one only.

A revision of a key is in one file as well, among the revised keys. Regions know nothing of each
other: each has its own steps.

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

from typing import TYPE_CHECKING, NamedTuple

from key_export.file_facts import Position
from key_export.file_making import Remaining
from vigie.tracing.release import RETENTION, Section, hours_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from key_export.batch import Batch, Cadence, PlannedBatch
    from key_export.export_bucket import ExportBucket, StoredFile
    from key_export.export_region import ExportRegion
    from key_export.export_store import ExportStore, Progress
    from key_export.file_facts import FileFacts
    from key_export.file_making import FileMaker
    from key_export.index_publisher import IndexPublisher
    from key_export.journal import Journal
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.key_reader import KeyReader


class ReleasedKeys(NamedTuple):
    """The keys of a region in the keys table.

    Attributes:
        reader: of the table.
        hour: how long its hours are.
        region: whose keys.
        home: the country whose keys are not from abroad.
    """

    reader: KeyReader
    hour: timedelta
    region: ExportRegion
    home: str

    def of(self, batch: Batch, now: datetime, position: Position) -> Remaining:
        """The keys of a batch that come after a position; they are read as they are asked for.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        if position.revised:
            return Remaining(iter(()), self._read(batch, now, (Section.REVISED,), position.after))
        return Remaining(
            self._read(batch, now, self.region.sections(self.home), position.after),
            self._read(batch, now, (Section.REVISED,), b""),
        )

    def _read(
        self, batch: Batch, now: datetime, sections: tuple[Section, ...], after: bytes
    ) -> Iterator[DiagnosisKey]:
        hours = hours_between(batch.start, batch.end, self.hour)
        for released in self.reader.in_order(hours, now, sections=sections, after=after):
            if self.region.includes(released.provenance):
                yield released.key


class Exporter:
    """Exports what is due for a region, batch by batch.

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
            self._journal.delayed(self._root, self._cadence.delay(progress.through, now))
            batch = progress.planned or self._cadence.batch_after(progress.through)
            if not self._cadence.is_due(batch, now):
                return
            self._go_on(progress, batch, now)
        self._journal.out_of_time()

    def _go_on(self, progress: Progress, batch: Batch, now: datetime) -> None:
        """Take the next step; the caller reads afterwards which run's step counts."""
        if progress.planned is not None:
            self._export(progress.planned, now)
        elif self._keys.of(batch, now, Position()).is_over():
            self._store.pass_over(batch)
        else:
            self._store.plan(batch, self._new_seed())

    def _export(self, batch: PlannedBatch, now: datetime) -> None:
        facts = self._write_files(batch, now)
        self._store.finish(batch, facts)
        self._journal.finished(self._root, batch, len(facts))
        self._index.publish(now)

    def _write_files(self, batch: PlannedBatch, now: datetime) -> list[FileFacts]:
        """Have every file of a batch in the bucket; what there is to see of each."""
        facts: list[FileFacts] = []
        position: Position | None = Position()
        while position is not None:
            number = len(facts) + 1
            name = batch.file_name(self._root, number)
            stored = self._bucket.find(name) or self._write(batch, number, position, now)
            if stored is None:
                # Its last keys were deleted since the file before was written.
                break
            facts.append(stored.facts)
            position = stored.goes_on_after
        return facts

    def _write(
        self, batch: PlannedBatch, number: int, position: Position, now: datetime
    ) -> StoredFile | None:
        made = self._maker.make(batch, number, self._keys.of(batch, now, position), now)
        if made is None:
            return None
        kept = self._bucket.keep(
            batch.file_name(self._root, number),
            made.archive,
            made.said,
            batch.end + RETENTION - now,
        )
        self._journal.exported(self._root, batch, number, made)
        return kept
