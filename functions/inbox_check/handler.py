"""The door of the check of the inbox: an hourly schedule, and messages of its own queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from inbox_check.check import CheckQueues, InboxCheck, window
from inbox_check.inbox_listing import InboxListing
from inbox_check.messages import CheckDue
from inbox_check.settings import Settings
from vigie import aws
from vigie.consumer import Consumer, DeadLetters
from vigie.inbox import FileStore
from vigie.message_queue import MessageQueue
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule and the queue."""

    check: InboxCheck
    consumer: Consumer
    settings: Settings
    now: Callable[[], datetime]

    def __call__(
        self, event: dict[str, object], context: LambdaContext | None
    ) -> PartialItemFailureResponse | None:
        """Check the laboratories of a batch, or else hand out all of them."""
        if "Records" in event:
            return self.consumer(event, context)
        due = CheckDue.model_validate(event)
        settings = self.settings
        self.check.hand_out(*window(self.now(), due, settings.days_back, settings.retry_minutes))
        return None


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: in UTC.
    """
    sqs = aws.sqs()
    check = InboxCheck(
        InboxListing(aws.s3(), settings.inbox_bucket),
        FileStore(aws.dynamodb(), settings.files_table),
        CheckQueues(
            own=MessageQueue(sqs, settings.check_queue_url, "check-queue"),
            intake=MessageQueue(sqs, settings.intake_queue_url, "intake-queue"),
        ),
        settings.apart_seconds,
        logger,
    )
    dead_letters = DeadLetters(sqs, settings.dead_letters_url)
    return Door(check, Consumer(check.check, dead_letters, logger), settings, now)


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))


def handler(
    event: dict[str, object], context: LambdaContext | None
) -> PartialItemFailureResponse | None:
    """Handle a call of the schedule, or a batch of the queue."""
    with told_by_type():
        return _door()(event, context)
