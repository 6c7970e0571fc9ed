"""Watching laboratories, each on its own: its figures, what the rules say, who is told.

A day that is over is kept in a few numbers, so that an hour's work for a laboratory is one query
of five weeks of days and one of the files of yesterday and today.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from laboratory_watch.episode import next_episode, told
from laboratory_watch.log_codes import LogCode
from laboratory_watch.messages import LaboratoryWatch, parse_watch
from laboratory_watch.rules import Arrival, Figures, Verdict, judge
from laboratory_watch.watch_store import HISTORY
from laboratory_watch.wording import notice
from vigie.inbox import days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

    from aws_lambda_powertools import Logger

    from laboratory_watch.alarm_topic import AlarmTopic
    from laboratory_watch.episode import Episode
    from laboratory_watch.rules import Finding, Limits, Reason
    from laboratory_watch.watch_store import Watched, WatchStore
    from vigie.inbox import FileStore, LaboratoryDay
    from vigie.laboratories import LaboratoryStore
    from vigie.message_queue import MessageQueue

# After this time into the next day the intake has done with the files of a day, or given up.
_SETTLED = timedelta(hours=6)
_DAY = timedelta(days=1)


class Calendar(NamedTuple):
    """How laboratories are judged.

    Attributes:
        environment: for the subject of messages.
        zone: whose calendar and clock count.
        limits: of the rules.
    """

    environment: str
    zone: ZoneInfo
    limits: Limits


class WatchStores(NamedTuple):
    """What the watch reads and writes.

    Attributes:
        laboratories: the register.
        files: how far each file of the inbox has come.
        watch: what is remembered of laboratories.
    """

    laboratories: LaboratoryStore
    files: FileStore
    watch: WatchStore


class Watch:
    """Judges laboratories, one to a message.

    Args:
        stores: what it reads and writes.
        queue: the function's own.
        alarms: where people hear of a laboratory.
        calendar: how laboratories are judged.
        counted: told of each reason that began.
        logger: told of each laboratory.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the one place where its collaborators meet
        self,
        stores: WatchStores,
        queue: MessageQueue,
        alarms: AlarmTopic,
        calendar: Calendar,
        counted: Callable[[Reason], None],
        logger: Logger,
    ) -> None:
        self._laboratories, self._files, self._watch = stores
        self._queue = queue
        self._alarms = alarms
        self._calendar = calendar
        self._counted = counted
        self._logger = logger

    def hand_out(self, at: datetime) -> int:
        """Make one message of each laboratory that may send, and count them.

        Args:
            at: the moment that they are judged at, aware.

        Raises:
            Unavailable: the register or the queue did not answer.
        """
        active = [one for one in self._laboratories.all() if one.active]
        self._queue.send(
            LaboratoryWatch(laboratory=one.finess, at=at, added_at=one.let_in_at).model_dump_json()
            for one in active
        )
        self._logger.info(LogCode.LABORATORIES_HANDED_OUT, laboratories=len(active))
        return len(active)

    def watch(self, body: str) -> None:
        """Judge one laboratory, as a message says.

        Raises:
            Rejected: `message-unknown`, or a record of a newer version of the system.
            Unavailable: AWS did not answer.
        """
        message = parse_watch(body)
        laboratory, now = message.laboratory, message.at.astimezone(self._calendar.zone)
        known = self._watch.load(laboratory, (now - HISTORY).date())
        figures, unsettled = self._figures(message, now, known)
        findings = judge(figures, self._calendar.limits)
        for finding in findings:
            self._follow(laboratory, known.episodes.get(finding.reason), finding, figures)
        for day in unsettled:
            self._watch.keep_day(laboratory, day)
        holding = ",".join(one.reason for one in findings if one.verdict is Verdict.HOLDS)
        self._logger.info(LogCode.LABORATORY_WATCHED, laboratory=laboratory, holding=holding)

    def _figures(
        self, message: LaboratoryWatch, now: datetime, known: Watched
    ) -> tuple[Figures, list[LaboratoryDay]]:
        """What is known at a moment, and which days of it are over and not remembered yet."""
        zone = self._calendar.zone
        since = _first_unknown(now, known.days)
        arrived = self._files.arrived_since(message.laboratory, _midnight(since, zone))
        records = [record for record in arrived if not record.file.trial]
        fresh = list(days_of(records, zone))
        days = {**known.days, **{one.day: one for one in fresh}}
        arrivals = (Arrival(one.file.received_at.astimezone(zone), one.summary) for one in records)
        in_order = tuple(days[day] for day in sorted(days))
        figures = Figures(now, in_order, tuple(arrivals), message.added_at)
        settled = (now - _SETTLED).date()
        return figures, [
            day for day in fresh if day.day < settled and known.days.get(day.day) != day
        ]

    def _follow(
        self, laboratory: str, last: Episode | None, finding: Finding, figures: Figures
    ) -> None:
        """Write what a finding changes, then tell people; first what a crash left untold."""
        if last is not None and not last.told:
            last = self._tell(laboratory, last, finding)
        episode = next_episode(last, finding, figures.now, figures.last_at)
        if episode is not None and episode != last:
            self._watch.keep_episode(laboratory, episode)
            self._tell(laboratory, episode, finding)

    def _tell(self, laboratory: str, episode: Episode, finding: Finding) -> Episode:
        self._alarms.tell(notice(self._calendar.environment, laboratory, episode, finding))
        after = told(episode)
        self._watch.keep_episode(laboratory, after)
        if episode.stands:
            self._counted(episode.reason)
        self._logger.warning(
            LogCode.EPISODE_TOLD,
            laboratory=laboratory,
            reason=episode.reason.value,
            begun=episode.stands,
        )
        return after


def _first_unknown(now: datetime, known: Iterable[date]) -> date:
    """The first day whose files are read: the one after those remembered, yesterday at least."""
    newest = max(known, default=(now - HISTORY).date())
    return min(newest + _DAY, now.date() - _DAY)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
