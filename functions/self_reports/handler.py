"""The door of self_reports: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from self_reports.api import Api
from self_reports.report_store import ReportStore
from self_reports.reporting import Reporting
from self_reports.settings import Settings
from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey
from vigie.sending.sms_provider import SmsProvider
from vigie.tracing.code_signer import CodeSigner

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
    reporting = Reporting(
        settings,
        store=ReportStore(aws.dynamodb(), settings.phones_table),
        secret=DerivedKey(aws.kms(), settings.self_report_key_arn, "self-report"),
        signer=CodeSigner(aws.kms(), settings.upload_code_key_arn),
        sms=SmsProvider(aws.sns_sms(), settings.sms_sender_id),
        tell=tell,
    )
    return Api(reporting, slots or AnswerSlots(time.monotonic, time.sleep), now, tell)


handler = http_door(Settings, build)
