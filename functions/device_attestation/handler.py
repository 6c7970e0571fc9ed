"""The door of device_attestation: a Lambda authorizer of an HTTP API (payload format 2.0).

It lets in what comes through CloudFront, as origin_check does, and says of each request whether
a device vouches for it. What is refused learns nothing but that it is refused.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from device_attestation.authorising import Authorising
from device_attestation.judging import Judge
from device_attestation.play_integrity import PlayPolicy
from device_attestation.play_keys import PlayKeys
from device_attestation.settings import Settings
from vigie import aws
from vigie.attestation.device_key import DeviceKeyStore
from vigie.http.door import http_door, telling, utc_now
from vigie.http.origin_secret import OriginSecret

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
) -> Authorising:
    """Wire the function from its settings."""
    policy = PlayPolicy(
        package=settings.play_package,
        certificates=settings.play_certificates,
        labels=settings.play_device_labels,
        lifetime=timedelta(seconds=settings.play_token_seconds),
    )
    judge = Judge(
        PlayKeys(aws.secretsmanager(), settings.play_keys_secret_arn),
        policy,
        DeviceKeyStore(aws.dynamodb(), settings.device_keys_table),
        settings.app_attest_apps,
    )
    origin = (
        OriginSecret(aws.secretsmanager(), settings.origin_secret_arns)
        if settings.origin_secret_arns
        else None
    )
    return Authorising(origin, judge, settings.attestation_mode, now, telling(logger, metrics))


handler = http_door(Settings, build)
