"""The door of certificate_verification: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from certificate_verification.api import Api
from certificate_verification.references import PublishedReferences
from certificate_verification.settings import Settings
from vigie import aws
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.http.door import http_door, telling, utc_now
from vigie.lists.list_bucket import ListBucket
from vigie.lists.published_lists import PublishedLists
from vigie.revocation.published_revocations import PublishedRevocations
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.twoddoc.revoked_codes import RevokedCodes

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
    tell = telling(logger, metrics)

    published = PublishedReferences(
        PublishedLists(ListBucket(aws.s3(), settings.lists_bucket), clock),
        PublishedRevocations(RevocationBucket(aws.s3(), settings.revocation_bucket), clock),
        CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket), clock),
        RevokedCodes(aws.s3(), settings.lists_bucket, clock),
    )
    return Api(published, now, tell)


handler = http_door(Settings, build)
