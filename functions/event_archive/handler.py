"""The door of the archive of events: messages of its queue, a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent

from event_archive.archiving import Archiving, Delivery
from event_archive.settings import Settings
from vigie import aws
from vigie.consumer import DeadLetters, earlier_reasons
from vigie.events.archive import EventArchive
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the queue."""

    archiving: Archiving

    def __call__(
        self, event: dict[str, object], _context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Archive a batch; the answer names the messages to deliver again."""
        failed = self.archiving.run(
            Delivery(record.message_id, record.body, earlier_reasons(record))
            for record in SQSEvent(event).records
        )
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def build(settings: Settings, *, logger: Logger) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
    """
    archive = EventArchive(aws.s3(), settings.archive_bucket)
    dead_letters = DeadLetters(aws.sqs(), settings.dead_letters_url)
    return Door(Archiving(archive, dead_letters, logger))


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger())


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Archive a batch; the answer names the messages to deliver again."""
    with told_by_type():
        return _door()(event, context)
