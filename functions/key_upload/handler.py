"""The door of key_upload: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from key_upload.api import Api
from key_upload.publishing import KeyPublishing
from key_upload.revision_token import RevisionTokens
from key_upload.settings import Settings
from key_upload.upload_store import UploadStore
from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.sealing import DerivedKey
from vigie.settings import read_settings
from vigie.tracing.code_verifier import CodeVerifier
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from key_upload.log_codes import LogCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
    slots: AnswerSlots | None = None,
) -> Api:
    """Wire the function from its settings."""

    def tell(code: LogCode, reason: str) -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    publishing = KeyPublishing(
        health_authority_id=settings.health_authority_id,
        codes=CodeVerifier(aws.kms(), settings.upload_code_key_arn),
        tokens=RevisionTokens(DerivedKey(aws.kms(), settings.tracing_key_arn, "revision-token")),
        digest_key=DerivedKey(aws.kms(), settings.tracing_key_arn, "upload-digest"),
        store=UploadStore(
            aws.dynamodb(),
            settings.keys_table,
            settings.used_codes_table,
            timedelta(seconds=settings.release_hour_seconds),
        ),
        tell=tell,
    )
    return Api(publishing, slots or AnswerSlots(time.monotonic, time.sleep), now, tell)


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
