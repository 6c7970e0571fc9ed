"""Releasing the certificates whose day has come, to be issued or to be renewed.

A reminder stays until signing has dealt with it, so that a lost message is sent again: an
hour later on its day, every sixth hour on the days after. A result asked for twice is
signed once. What was not signed in all that time is given up: its message is kept among
the dead letters of the signing queue with a reason, where an operator sees it and, once
what stood in the way is mended, sends it to the queue again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.certificates.certificate_due import message, partitions
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from certificate_release.reminder_store import Reminder, ReminderStore
    from certificate_release.signing_queue import SigningQueue
    from vigie.dead_letters import DeadLetters

_PARALLEL = 8
# Reminders themselves live for sixty days.
_LOOKED_AT_DAYS = 30
_EVERY_HOURS = 6
_GIVEN_UP = Rejected(
    "certificate-overdue", "signing did not make it in all the days it was asked to"
)


@dataclass(frozen=True, slots=True)
class Released:
    """What a run did, or a part of it.

    Attributes:
        found: reminders seen.
        sent: messages that the queue took.
        given_up: reminders that became dead letters.
        complete: whether there was time for all.
    """

    found: int = 0
    sent: int = 0
    given_up: int = 0
    complete: bool = True

    def __add__(self, other: Released) -> Released:
        return Released(
            self.found + other.found,
            self.sent + other.sent,
            self.given_up + other.given_up,
            complete=self.complete and other.complete,
        )


def ages(now: datetime) -> range:
    """How many days ago the reminders were due that a run looks at, the oldest first."""
    return range(_LOOKED_AT_DAYS if now.hour % _EVERY_HOURS == 0 else 0, -1, -1)


class CertificateRelease:
    """Sends each due reminder to the signing queue.

    Args:
        reminders: where they are kept.
        queue: where they go.
        dead_letters: where those go that are given up.
        days_back: for how many days after its own a certificate is asked for.
    """

    def __init__(
        self,
        reminders: ReminderStore,
        queue: SigningQueue,
        dead_letters: DeadLetters,
        days_back: int,
    ) -> None:
        self._reminders = reminders
        self._queue = queue
        self._dead_letters = dead_letters
        self._days_back = days_back

    def run(self, now: datetime, has_time: Callable[[], bool]) -> Released:
        """Release what is due today and, at some hours, what was due before and is still there.

        Args:
            now: aware, in the zone whose calendar says what day it is.
            has_time: asked before each page; a later run goes on where there was none.

        Raises:
            Unavailable: the table or a queue did not answer.
        """
        visits = [
            (partition, self._give_up if age > self._days_back else self._send)
            for age in ages(now)
            for partition in partitions(now.date() - timedelta(days=age))
        ]
        with ThreadPoolExecutor(_PARALLEL) as pool:
            done = pool.map(lambda visit: self._visit(visit[0], visit[1], has_time), visits)
            return sum(done, Released())

    def _visit(
        self,
        partition: str,
        deal: Callable[[Sequence[Reminder], str], Released],
        has_time: Callable[[], bool],
    ) -> Released:
        done = Released()
        if not has_time():
            return Released(complete=False)
        for reminders in self._reminders.pages(partition):
            if not has_time():
                return done + Released(complete=False)
            done += deal(reminders, partition)
        return done

    def _send(self, reminders: Sequence[Reminder], _partition: str) -> Released:
        return Released(found=len(reminders), sent=self._queue.send(reminders))

    def _give_up(self, reminders: Sequence[Reminder], partition: str) -> Released:
        for reminder in reminders:
            due = message(reminder.name, reminder.source_id)
            self._dead_letters.bury(due.model_dump_json(), _GIVEN_UP)
            self._reminders.forget(reminder, partition)
        return Released(found=len(reminders), given_up=len(reminders))
