"""The door of revocation_lists: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from revocation_lists.api import Api
from revocation_lists.listing import Listing
from revocation_lists.settings import Settings
from revocation_lists.slice_archives import SliceArchives
from vigie import aws
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from revocation_lists.log_codes import LogCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
) -> Api:
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: what it counts.
        now: in UTC.
    """

    def tell(code: LogCode, reason: str) -> None:
        logger.info(code.value, extra={"reason": reason})
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    bucket = RevocationBucket(aws.s3(), settings.revocation_bucket)
    listing = Listing(BatchReader(aws.dynamodb(), settings.revocations_table), bucket)
    return Api(listing, bucket, SliceArchives(bucket), now, tell)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _api() -> Api:
    return build(read_settings(Settings), logger=_logger(), metrics=_metrics())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("requests", MetricUnit.Count, 1)
        try:
            return _api()(event, context)
        finally:
            metrics.flush_metrics()
