"""The door of verifier_lists: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from verifier_lists.api import Api
from verifier_lists.settings import Settings
from vigie import aws
from vigie.http.door import http_door, telling
from vigie.lists.list_bucket import ListBucket
from vigie.lists.published_lists import PublishedLists

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.logging import Logger
    from aws_lambda_powertools.metrics import Metrics


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    clock: Callable[[], float] = time.monotonic,
) -> Api:
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: what it counts.
        clock: seconds that never go back.
    """
    tell = telling(logger, metrics)

    lists = PublishedLists(ListBucket(aws.s3(), settings.lists_bucket), clock)
    return Api(lists, tell)


handler = http_door(Settings, build)
