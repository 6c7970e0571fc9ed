"""The door of analytics_intake: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics_intake.api import Api
from analytics_intake.report_store import ReportStore
from analytics_intake.settings import Settings
from vigie import aws
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey

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
) -> Api:
    """Wire the function from its settings."""
    nonce_key = DerivedKey(aws.kms(), settings.tracing_key_arn, "analytics-nonce")
    store = ReportStore(aws.dynamodb(), settings.analytics_table, nonce_key)
    return Api(store, now, telling(logger, metrics))


handler = http_door(Settings, build)
