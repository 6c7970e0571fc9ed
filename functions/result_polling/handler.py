"""The door of result_polling: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from result_polling.api import Api
from result_polling.order_store import OrderStore
from result_polling.polling import ResultPolling
from result_polling.settings import Settings
from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey
from vigie.tracing.code_signer import CodeSigner

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aws_lambda_powertools.logging import Logger
    from aws_lambda_powertools.metrics import Metrics


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = utc_now,
    slots: AnswerSlots | None = None,
) -> Api:
    """Wire the function from its settings."""
    tell = telling(logger, metrics)
    polling = ResultPolling(
        orders=OrderStore(aws.dynamodb(), settings.orders_table),
        secret=DerivedKey(aws.kms(), settings.order_key_arn, "order"),
        signer=CodeSigner(aws.kms(), settings.upload_code_key_arn),
        website=settings.order_website,
        tell=tell,
    )
    return Api(polling, slots or AnswerSlots(time.monotonic, time.sleep), now, tell)


handler = http_door(Settings, build)
