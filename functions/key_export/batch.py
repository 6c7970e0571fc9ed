"""Batches: which keys one export holds, when it is due, and what its files are called."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from key_export.file_facts import FileFacts
from vigie.model import Frozen
from vigie.tracing.release import start_of_hour


class Batch(Frozen):
    """The keys of some hours of release.

    Attributes:
        start: of its first hour, inclusive, UTC.
        end: of its last hour, exclusive.
    """

    start: datetime
    end: datetime

    def file_name(self, root: str, number: int) -> str:
        """The name of one of its files, from 1; names sort from the oldest to the newest."""
        start, end = int(self.start.timestamp()), int(self.end.timestamp())
        return f"{root}/{start}-{end}-{number:05}.zip"


class PlannedBatch(Batch):
    """A batch that is being exported.

    Attributes:
        seed: 32 random bytes that its padding comes from, the same in each attempt.
    """

    seed: bytes


class PublishedBatch(Batch):
    """A batch whose files are in the bucket.

    Attributes:
        files: how many there are.
        facts: of each of them; none of a batch of an older schema version.
    """

    files: int
    facts: tuple[FileFacts, ...] = ()

    def file_names(self, root: str) -> list[str]:
        """The names of its files."""
        return [self.file_name(root, number) for number in range(1, self.files + 1)]


class Cadence(Frozen):
    """When batches end and when they are due.

    Attributes:
        period: how much time of release a batch covers; it divides a day, and batches end at
            its multiples from midnight (UTC).
        settle: how long after its end a batch is exported at the earliest: no key of its
            hours is written or used any more.
        lookback: how far back the very first batch begins.
    """

    period: timedelta
    settle: timedelta
    lookback: timedelta

    def first_start(self, now: datetime) -> datetime:
        """Where the first batch of all begins."""
        return start_of_hour(now - self.lookback, self.period)

    def batch_after(self, through: datetime) -> Batch:
        """The batch that begins where the one before ended."""
        return Batch(start=through, end=start_of_hour(through, self.period) + self.period)

    def is_due(self, batch: Batch, now: datetime) -> bool:
        """Whether a batch may be exported."""
        return now >= batch.end + self.settle

    def delay(self, through: datetime, now: datetime) -> timedelta:
        """How long the batch after `through` has been due; zero if it is not yet."""
        return max(timedelta(), now - self.batch_after(through).end - self.settle)


def index_of(batches: Iterable[PublishedBatch], root: str) -> str:
    """`index.txt`: the names of all files, from the oldest to the newest, one to a line."""
    return "\n".join(sorted(name for batch in batches for name in batch.file_names(root)))


def manifest_of(batches: Iterable[PublishedBatch], root: str) -> str:
    """`manifest.json`: the files of the index, with what each must hash to.

    `keys` counts what a file lists, padding among them.
    """
    files = [
        {
            "name": name,
            "start": int(batch.start.timestamp()),
            "end": int(batch.end.timestamp()),
            "bytes": facts.size,
            "sha256": facts.sha256,
            "keys": facts.keys,
            "revisedKeys": facts.revised_keys,
        }
        for batch in sorted(batches, key=lambda batch: batch.start)
        for name, facts in zip(batch.file_names(root), batch.facts, strict=False)
    ]
    return json.dumps({"files": files}, separators=(",", ":"))
