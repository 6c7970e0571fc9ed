"""The door of venue_posters: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venue_posters.api import Api
from venue_posters.public_key import PublicKeyParameter
from venue_posters.settings import Settings
from vigie import aws
from vigie.http.door import http_door, telling, utc_now

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
    return Api(
        PublicKeyParameter(aws.ssm(), settings.public_key_parameter),
        settings.venue_link,
        now,
        telling(logger, metrics),
    )


handler = http_door(Settings, build)
