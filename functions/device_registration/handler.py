"""The door of device_registration: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509

from device_registration.api import Api
from device_registration.attestation_object import AAGUIDS, Apple
from device_registration.challenge import Challenges
from device_registration.registration import Registration
from device_registration.settings import Settings
from vigie import aws
from vigie.attestation.device_key import DeviceKeyStore
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey

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
    challenges = Challenges(
        DerivedKey(aws.kms(), settings.tracing_key_arn, "attestation-challenge")
    )
    apple = Apple(
        x509.load_pem_x509_certificate(settings.app_attest_root.encode()),
        settings.app_attest_apps,
        AAGUIDS[settings.app_attest_environment],
    )
    devices = DeviceKeyStore(aws.dynamodb(), settings.device_keys_table)
    registration = Registration(challenges, apple, devices)
    return Api(challenges, registration, now, telling(logger, metrics))


handler = http_door(Settings, build)
