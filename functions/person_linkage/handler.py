"""The door of person linkage: the linkage queue, with events of results and decisions."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from person_linkage.linking import Linking
from person_linkage.settings import Settings
from person_linkage.token_store import TokenStore
from vigie import aws
from vigie.consumer import BatchConsumer, DeadLetters
from vigie.events.publisher import EventPublisher
from vigie.person.standing_store import StandingStore
from vigie.results.result_reader import ResultReader
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


# People who are looked at side by side: it is mostly waiting.
WRITERS = 8


def build(settings: Settings, *, logger: Logger, writers: int = WRITERS) -> BatchConsumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        writers: how many people are looked at side by side.
    """
    linking = Linking(
        results=ResultReader(aws.dynamodb(), settings.results_table),
        tokens=TokenStore(aws.dynamodb(), settings.persons_table),
        standings=StandingStore(aws.dynamodb(), settings.persons_table),
        publisher=EventPublisher(aws.sns(), settings.events_topic_arn),
        retention=timedelta(days=settings.retention_days),
        logger=logger,
        writers=writers,
    )
    return BatchConsumer(linking.handle, DeadLetters(aws.sqs(), settings.dead_letters_url), logger)


@cache
def _consumer() -> BatchConsumer:
    return build(read_settings(Settings), logger=Logger())


def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of messages; the answer names those to deliver again."""
    with told_by_type():
        return _consumer()(event, context)
