"""The door of the archive of events: messages of its queue, a batch at a time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from event_archive.archiving import Archiving
from event_archive.settings import Settings
from vigie import aws
from vigie.consumer import BatchConsumer, DeadLetters
from vigie.events.archive import EventArchive
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def build(settings: Settings, *, logger: Logger) -> BatchConsumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
    """
    archiving = Archiving(EventArchive(aws.s3(), settings.archive_bucket), logger)
    dead_letters = DeadLetters(aws.sqs(), settings.dead_letters_url)
    return BatchConsumer(archiving.run, dead_letters, logger)


@cache
def _door() -> BatchConsumer:
    return build(read_settings(Settings), logger=Logger())


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Archive a batch; the answer names the messages to deliver again."""
    with told_by_type():
        return _door()(event, context)
