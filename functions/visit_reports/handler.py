"""The door of visit_reports: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.http.door import http_door, telling, utc_now
from vigie.message_queue import MessageQueue
from vigie.sealing import DerivedKey
from vigie.tracing.code_verifier import CodeVerifier
from visit_reports.api import Api
from visit_reports.report_store import ReportStore
from visit_reports.reporting import VisitReporting
from visit_reports.settings import Settings
from visit_reports.visit_sender import VisitSender

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

    reporting = VisitReporting(
        CodeVerifier(aws.kms(), settings.upload_code_key_arn),
        derived("visit-report-digest"),
        ReportStore(aws.dynamodb(), settings.reports_table),
        VisitSender(
            MessageQueue(aws.sqs(), settings.visits_queue_url, "visits-queue"),
            derived("visit-id"),
            settings.jitter_seconds,
        ),
        tell,
    )
    return Api(reporting, slots or AnswerSlots(time.monotonic, time.sleep), now, tell)


handler = http_door(Settings, build)
