"""A minute of a mass reissue: reading on, and asking for the certificates that are found.

What was found is sent first and where it was found is kept second. A run that dies in between
is done again by the next one: signing has nothing to do where a certificate is newer than the
job. So every certificate that matches is asked for at least once, and made again once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from certificate_reissue.pace import allowance, delay_seconds, paced_until
from vigie.certificates.reissue_due import MOST_RECORDS, ReissueDue
from vigie.certificates.reissue_job import SETTLE, Progress
from vigie.message_queue import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from certificate_reissue.harvest import Harvester
    from certificate_reissue.waiting import Waiting
    from vigie.certificates.reissue_job import ReissueJob
    from vigie.certificates.reissue_jobs import ReissueJobs
    from vigie.message_queue import MessageQueue

_STALLED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did.

    Attributes:
        job: as it was before the run.
        progress: as it is after it.
        kept: whether that is kept; else another run was first.
        waiting: messages that nobody is done with.
        people_wait: whether the run left all to people who are waiting.
        stalled: whether nothing has moved for a quarter of an hour.
    """

    job: ReissueJob
    progress: Progress
    kept: bool
    waiting: int
    people_wait: bool
    stalled: bool

    @property
    def released(self) -> int:
        """Records whose certificates were asked for."""
        return self.progress.released - self.job.progress.released

    @property
    def read(self) -> int:
        """Items that were read."""
        return self.progress.read - self.job.progress.read


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for every job.

    Attributes:
        most_rate: certificates a second.
        people_waiting: messages in the signing queue beyond which a run releases nothing.
        segments: in which a new job reads the table.
    """

    most_rate: int
    people_waiting: int
    segments: int


@dataclass(frozen=True, slots=True)
class Release:
    """Releases the certificates of the job that runs.

    Attributes:
        jobs: keeps the jobs.
        harvester: finds certificates.
        queue: where they are asked for.
        waiting: what waits already.
        limits: of every job.
        clock: the time, aware.
    """

    jobs: ReissueJobs
    harvester: Harvester
    queue: MessageQueue
    waiting: Waiting
    limits: Limits
    clock: Callable[[], datetime]

    def run(self, has_time: Callable[[], bool]) -> Ran | None:
        """Release what the rate allows for a minute; None if no job may release anything.

        Args:
            has_time: asked before each reading.

        Raises:
            Rejected: a newer version of the system wrote the job.
            Unavailable: a table or queue did not answer; nothing is lost.
        """
        now = self.clock()
        job = next(iter(self.jobs.last()), None)
        if job is None or not job.may_release(now):
            return None
        waiting = self.waiting.for_reissue()
        people_wait = self.waiting.people() > self.limits.people_waiting
        number = 0
        if not people_wait:
            rate = min(job.plan.rate, self.limits.most_rate)
            number = allowance(rate, job.progress.paced_until, now, waiting)
        progress = self._released(job, number, now, has_time) if number else job.progress
        moved = progress.version > job.progress.version
        kept = moved and self.jobs.advance(job.number, progress)
        stalled = not moved and now - _last_moved(job) > _STALLED_AFTER
        return Ran(job, progress, kept or not moved, waiting, people_wait, stalled)

    def _released(
        self, job: ReissueJob, number: int, now: datetime, has_time: Callable[[], bool]
    ) -> Progress:
        before = job.progress
        if not before.positions:
            before = Progress.of_segments(self.limits.segments)
        harvest = self.harvester.harvest(job.plan.criteria, before.positions, number, now, has_time)
        if not harvest.read and harvest.positions == before.positions:
            return job.progress
        sent_at = self.clock()
        start = max(sent_at, before.paced_until or sent_at)
        rate = min(job.plan.rate, self.limits.most_rate)
        messages = list(_messages(job, harvest.records, rate, start, sent_at))
        self.queue.send_messages(messages)
        return Progress(
            version=before.version + 1,
            positions=harvest.positions,
            read=before.read + harvest.read,
            released=before.released + len(harvest.records),
            messages=before.messages + len(messages),
            paced_until=paced_until(start, len(harvest.records), rate),
            advanced_at=now,
            ended_at=now if all(one.ended for one in harvest.positions) else None,
        )


def _messages(
    job: ReissueJob, records: Sequence[str], rate: int, start: datetime, now: datetime
) -> Iterator[Message]:
    plan = job.plan
    for place in range(0, len(records), MOST_RECORDS):
        due = ReissueDue(
            job=str(job.number),
            records=tuple(records[place : place + MOST_RECORDS]),
            issued_before=plan.criteria.issued_before,
            kids=plan.criteria.kids,
            reason=plan.reason,
            revoke=plan.revoke,
            tell=plan.tell,
        )
        yield Message(due.model_dump_json(), delay_seconds=delay_seconds(place, rate, start, now))


def _last_moved(job: ReissueJob) -> datetime:
    begun = max(job.ordered_at, job.plan.criteria.issued_before + SETTLE)
    return max(begun, job.progress.advanced_at or begun)
