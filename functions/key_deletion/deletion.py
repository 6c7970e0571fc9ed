"""Deleting keys once they are 14 days old.

The partitions of an hour are known, so nothing is scanned. What is left is what is still there:
a run that ends early, or fails, is gone on with by the next one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.tracing.release import RETENTION, Section, hours_between, shards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from key_deletion.expired_keys import ExpiredKeys

_PARALLEL = 8


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a run did, or a part of it.

    Attributes:
        keys: how many were deleted.
        complete: whether there was time for all.
    """

    keys: int = 0
    complete: bool = True


def expired_shards(now: datetime, back: timedelta, hour: timedelta) -> Iterator[str]:
    """Every partition whose keys are to be gone by now, the oldest hour first.

    Args:
        now: aware.
        back: how long before that to begin.
        hour: how long the hours are that keys are released in.
    """
    newest = now - RETENTION
    for start in hours_between(newest - back, newest + hour, hour):
        if start <= newest:
            # A revision goes with its key: after both, none is left that a fault kept apart.
            for section in (Section.HOME, Section.ABROAD, Section.REVISED):
                yield from shards(start, section)


class KeyDeletion:
    """Deletes expired keys.

    Args:
        keys: the keys table.
    """

    def __init__(self, keys: ExpiredKeys) -> None:
        self._keys = keys

    def run(
        self, now: datetime, back: timedelta, hour: timedelta, has_time: Callable[[], bool]
    ) -> Deleted:
        """Delete what is older than 14 days.

        Args:
            now: aware.
            back: how long before that keys are looked for.
            hour: how long the hours are that keys are released in.
            has_time: asked before each page.

        Raises:
            Unavailable: the table did not answer.
        """
        with ThreadPoolExecutor(_PARALLEL) as pool:
            parts = list(
                pool.map(
                    lambda shard: self._delete(shard, has_time), expired_shards(now, back, hour)
                )
            )
        return Deleted(
            keys=sum(part.keys for part in parts), complete=all(part.complete for part in parts)
        )

    def _delete(self, shard: str, has_time: Callable[[], bool]) -> Deleted:
        deleted = 0
        if not has_time():
            return Deleted(complete=False)
        for keys in self._keys.pages(shard):
            if not has_time():
                return Deleted(deleted, complete=False)
            self._keys.delete(shard, keys)
            deleted += len(keys)
        return Deleted(deleted)
