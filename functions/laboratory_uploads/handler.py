"""The door of laboratory_uploads: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from laboratory_uploads.access_token import AccessTokens
from laboratory_uploads.acknowledgements import Acknowledgements
from laboratory_uploads.api import Api
from laboratory_uploads.caller import Callers
from laboratory_uploads.inbox import Inbox
from laboratory_uploads.settings import Settings
from laboratory_uploads.signing_keys import SigningKeys, fetched
from laboratory_uploads.upload_store import UploadStore
from laboratory_uploads.uploads import Stores, Uploads
from vigie import aws
from vigie.inbox import FileStore
from vigie.laboratories import LaboratoryStore
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from laboratory_uploads.log_codes import LogCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
    fetch: Callable[[str], bytes] = fetched,
) -> Api:
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: what it counts.
        now: in UTC.
        fetch: gives what stands at an address of the issuer of tokens.
    """

    def tell(code: LogCode, reason: str = "") -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    tokens = AccessTokens(
        SigningKeys(settings.token_keys_url, fetch), settings.token_issuer, settings.token_scope
    )
    callers = Callers(tokens, LaboratoryStore(aws.dynamodb(), settings.laboratories_table))
    stores = Stores(
        UploadStore(aws.dynamodb(), settings.uploads_table),
        FileStore(aws.dynamodb(), settings.files_table),
        Inbox(aws.s3_links(), settings.inbox_bucket),
        Acknowledgements(aws.s3_links(), settings.outbox_bucket),
    )
    return Api(callers, Uploads(stores, timedelta(days=settings.retention_days)), now, tell)


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
