"""The door of revocation_lists: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revocation_lists.api import Api
from revocation_lists.listing import Listing
from revocation_lists.settings import Settings
from revocation_lists.slice_archives import SliceArchives
from vigie import aws
from vigie.http.door import http_door, telling, utc_now
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.revocation_bucket import RevocationBucket

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
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: what it counts.
        now: in UTC.
    """
    tell = telling(logger, metrics)

    bucket = RevocationBucket(aws.s3(), settings.revocation_bucket)
    listing = Listing(BatchReader(aws.dynamodb(), settings.revocations_table), bucket)
    return Api(listing, bucket, SliceArchives(bucket), now, tell)


handler = http_door(Settings, build)
