"""The door of certificate_verification: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from certificate_verification.api import Api
from certificate_verification.references import PublishedReferences
from certificate_verification.settings import Settings
from vigie import aws
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.lists.list_bucket import ListBucket
from vigie.lists.published_lists import PublishedLists
from vigie.revocation.published_revocations import PublishedRevocations
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.settings import read_settings
from vigie.twoddoc.revoked_codes import RevokedCodes
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from certificate_verification.log_codes import LogCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
    clock: Callable[[], float] = time.monotonic,
) -> Api:
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: what it counts.
        now: the time, aware.
        clock: seconds that never go back.
    """

    def tell(code: LogCode, reason: str) -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    published = PublishedReferences(
        PublishedLists(ListBucket(aws.s3(), settings.lists_bucket), clock),
        PublishedRevocations(RevocationBucket(aws.s3(), settings.revocation_bucket), clock),
        CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket), clock),
        RevokedCodes(aws.s3(), settings.lists_bucket, clock),
    )
    return Api(published, now, tell)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _api() -> Api:
    return build(read_settings(Settings), logger=_logger(), metrics=_metrics())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda gives it
    """Answer one request."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("requests", MetricUnit.Count, 1)
        try:
            return _api()(event)
        finally:
            metrics.flush_metrics()
