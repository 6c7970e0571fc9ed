"""The door of the watch over laboratories: an hourly schedule, and messages of its own queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from laboratory_watch.alarm_topic import AlarmTopic
from laboratory_watch.messages import WatchDue
from laboratory_watch.settings import Settings
from laboratory_watch.watch import Calendar, Watch, WatchStores
from laboratory_watch.watch_store import WatchStore
from vigie import aws
from vigie.consumer import Consumer, DeadLetters
from vigie.inbox import FileStore
from vigie.laboratories import LaboratoryStore
from vigie.message_queue import MessageQueue
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from laboratory_watch.rules import Reason


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule and the queue."""

    watch: Watch
    consumer: Consumer
    counts: Counts
    now: Callable[[], datetime]

    def __call__(
        self, event: dict[str, object], context: LambdaContext | None
    ) -> PartialItemFailureResponse | None:
        """Watch the laboratories of a batch, or else hand out all of them."""
        if "Records" not in event:
            due = WatchDue.model_validate(event)
            self.watch.hand_out(due.time or self.now())
            return None
        try:
            return self.consumer(event, context)
        finally:
            self.counts.flush()


class Counts:
    """Counts what began, without a dimension that would name a laboratory."""

    def __init__(self) -> None:
        self._metrics = Metrics()
        self._waiting = False

    def begun(self, reason: Reason) -> None:
        """Count a laboratory for which a reason began to hold."""
        for name in ("LaboratoryAlarms", f"LaboratoryAlarms{reason.capitalize()}"):
            self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
        self._waiting = True

    def flush(self) -> None:
        """Write what was counted since the last time, if anything was."""
        if self._waiting:
            self._metrics.flush_metrics()
            self._waiting = False


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: in UTC.
    """
    sqs, counts = aws.sqs(), Counts()
    stores = WatchStores(
        LaboratoryStore(aws.dynamodb(), settings.laboratories_table),
        FileStore(aws.dynamodb(), settings.files_table),
        WatchStore(aws.dynamodb(), settings.watch_table, timedelta(days=settings.retention_days)),
    )
    watch = Watch(
        stores,
        MessageQueue(sqs, settings.watch_queue_url, "watch-queue"),
        AlarmTopic(aws.sns(), settings.alarms_topic_arn),
        Calendar(settings.environment_name, settings.time_zone, settings),
        counts.begun,
        logger,
    )
    dead_letters = DeadLetters(sqs, settings.dead_letters_url)
    return Door(watch, Consumer(watch.watch, dead_letters, logger), counts, now)


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))


def handler(
    event: dict[str, object], context: LambdaContext | None
) -> PartialItemFailureResponse | None:
    """Handle a call of the schedule, or a batch of the queue."""
    with told_by_type():
        return _door()(event, context)
