"""The door of order_answering: what happened to results."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from order_answering.answering import OrderAnswering
from order_answering.messages import result_event
from order_answering.order_store import OrderStore
from order_answering.settings import Settings
from vigie import aws
from vigie.catalogue import diseases
from vigie.consumer import Consumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Answer the order of each result that a message tells of."""
    with told_by_type():
        return _door()(event, context)


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Consumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time, aware.
    """
    answering = OrderAnswering(
        results=ResultReader(aws.dynamodb(), settings.results_table),
        orders=OrderStore(aws.dynamodb(), settings.orders_table),
        secret=DerivedKey(aws.kms(), settings.upload_key_arn, "upload-code"),
        diseases=diseases(),
        now=now,
        logger=logger,
    )
    return Consumer(
        lambda body: answering.heed(result_event(body)),
        DeadLetters(aws.sqs(), settings.dead_letters_url),
        logger,
    )


@cache
def _door() -> Consumer:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
