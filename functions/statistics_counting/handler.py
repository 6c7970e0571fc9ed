"""The door of the counting of tests: messages of the statistics queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from statistics_counting.counted_store import CountedStore
from statistics_counting.counting import Counting
from statistics_counting.messages import read_message
from statistics_counting.settings import Settings
from vigie import aws
from vigie.consumer import Consumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Count each result that a message names."""
    with told_by_type():
        return _door()(event, context)


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Consumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, aware.
    """
    counting = Counting(
        ResultReader(aws.dynamodb(), settings.results_table),
        CountedStore(aws.dynamodb(), settings.counted_table, settings.counts_table),
        settings.time_zone,
        timedelta(days=settings.kept_days),
        logger,
    )

    def handle(body: str) -> None:
        message = read_message(body)
        if isinstance(message, str):
            counting.count(message, now())
        else:
            counting.regroup(message, now())

    return Consumer(handle, DeadLetters(aws.sqs(), settings.dead_letters_url), logger)


@cache
def _door() -> Consumer:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
