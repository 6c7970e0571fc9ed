"""The door of the counting of tests: messages of the statistics queue."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from random import SystemRandom
from secrets import token_hex
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from statistics_counting.account_store import AccountStore
from statistics_counting.batch_store import BatchStore
from statistics_counting.change_notes import ChangeNotes
from statistics_counting.counting import Counting, Pace, Stores
from statistics_counting.heeding import Heeding
from statistics_counting.linking import Linking
from statistics_counting.settings import Settings
from vigie import aws
from vigie.consumer import BatchConsumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


# Accounts that are written at once: a write is mostly waiting.
WRITERS = 16
# Seconds.
_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Count each result that a message names."""
    with told_by_type():
        return _door()(event, context)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    pace: Pace | None = None,
) -> BatchConsumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, aware.
        pace: how the counting goes about it, if not side by side and with pauses.
    """
    pace = pace or Pace(WRITERS, _pause, lambda: token_hex(8))
    dynamodb, kept = aws.dynamodb(), timedelta(days=settings.kept_days)
    accounts = AccountStore(dynamodb, settings.counted_table)
    stores = Stores(
        ResultReader(dynamodb, settings.results_table),
        accounts,
        BatchStore(dynamodb, settings.counted_table, settings.counts_table, pace.pause),
        ChangeNotes(dynamodb, settings.counts_table),
    )
    counting = Counting(stores, pace, settings.time_zone, kept, logger)
    heeding = Heeding(counting, Linking(accounts, stores.batches, counting, kept), now)
    return BatchConsumer(heeding, DeadLetters(aws.sqs(), settings.dead_letters_url), logger)


def _pause(attempt: int) -> None:
    """Wait before a try, by chance: who met once shall not meet again."""
    time.sleep(SystemRandom().uniform(0, min(_LONGEST_PAUSE, _PAUSE * 2**attempt)))


@cache
def _door() -> BatchConsumer:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
