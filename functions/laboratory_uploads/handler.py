"""The door of laboratory_uploads: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

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
from vigie.http.door import http_door, telling, utc_now
from vigie.inbox import FileStore
from vigie.laboratories import LaboratoryStore

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
    tell = telling(logger, metrics)

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


handler = http_door(Settings, build)
