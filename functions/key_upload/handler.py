"""The door of key_upload: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from key_upload.api import Api
from key_upload.health_authorities import HealthAuthorities
from key_upload.permission import Permissions
from key_upload.publishing import KeyPublishing
from key_upload.revision_token import RevisionTokens
from key_upload.settings import Settings
from key_upload.upload_store import UploadStore
from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey
from vigie.tracing.code_verifier import CodeVerifier
from vigie.tracing.upload_code import CodeReport

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
    slots: AnswerSlots | None = None,
) -> Api:
    """Wire the function from its settings."""
    tell = telling(logger, metrics)

    def derived(label: str) -> DerivedKey:
        return DerivedKey(aws.kms(), settings.tracing_key_arn, label)

    codes = CodeVerifier(aws.kms(), settings.upload_code_key_arn, tuple(CodeReport))
    authorities = HealthAuthorities(
        [settings.own_health_authority, *settings.other_health_authorities], aws.kms()
    )
    publishing = KeyPublishing(
        authorities=authorities,
        permissions=Permissions(codes, authorities),
        tokens=RevisionTokens(
            lambda week: derived(f"revision-token/{week}"), settings.publish_rules.oldest
        ),
        digest_key=derived("upload-digest"),
        store=UploadStore(
            aws.dynamodb(),
            settings.keys_table,
            settings.used_codes_table,
            timedelta(seconds=settings.release_hour_seconds),
            settings.region,
        ),
        rules=settings.publish_rules,
        tell=tell,
    )
    return Api(publishing, slots or AnswerSlots(time.monotonic, time.sleep), now, tell)


handler = http_door(Settings, build)
