"""Releasing the recovery certificates whose day has come.

A reminder stays until signing has dealt with it, so that a lost message is sent again an
hour later; a result asked for twice is signed once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.certificates.recovery_due import partitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from recovery_release.reminder_store import ReminderStore
    from recovery_release.signing_queue import SigningQueue

_PARALLEL = 8


@dataclass(frozen=True, slots=True)
class Released:
    """What a run did, or a part of it.

    Attributes:
        found: reminders seen.
        sent: messages that the queue took.
        complete: whether there was time for all.
    """

    found: int = 0
    sent: int = 0
    complete: bool = True


def due_partitions(today: date, days_back: int) -> Iterator[str]:
    """Every partition that may hold a reminder for today, the oldest day first."""
    for age in range(days_back, -1, -1):
        yield from partitions(today - timedelta(days=age))


class RecoveryRelease:
    """Sends each due reminder to the signing queue.

    Args:
        reminders: where they are kept.
        queue: where they go.
    """

    def __init__(self, reminders: ReminderStore, queue: SigningQueue) -> None:
        self._reminders = reminders
        self._queue = queue

    def run(self, today: date, days_back: int, has_time: Callable[[], bool]) -> Released:
        """Release what is due on a day and was on the days before it.

        Args:
            today: the day.
            days_back: how many days before it.
            has_time: asked before each page; the next run goes on where there was none.

        Raises:
            Unavailable: the table or the queue did not answer.
        """
        with ThreadPoolExecutor(_PARALLEL) as pool:
            parts = list(
                pool.map(
                    lambda partition: self._release(partition, has_time),
                    due_partitions(today, days_back),
                )
            )
        return Released(
            found=sum(part.found for part in parts),
            sent=sum(part.sent for part in parts),
            complete=all(part.complete for part in parts),
        )

    def _release(self, partition: str, has_time: Callable[[], bool]) -> Released:
        found = sent = 0
        if not has_time():
            return Released(complete=False)
        for result_ids in self._reminders.pages(partition):
            if not has_time():
                return Released(found, sent, complete=False)
            found += len(result_ids)
            sent += self._queue.send(result_ids)
        return Released(found, sent)
