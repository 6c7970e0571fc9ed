"""The door of result_access: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from result_access.alerting import ContactAlerting
from result_access.api import Api
from result_access.opening import LinkOpening
from result_access.reminder_reader import ReminderReader
from result_access.settings import Settings
from result_access.upload_code_giver import UploadCodeGiver
from vigie import aws
from vigie.access.grant_store import GrantStore
from vigie.access.link_check import LinkCheck
from vigie.catalogue import diseases
from vigie.certificates.certificate_reader import CertificateReader
from vigie.certificates.source import SourceReader
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey, FieldCipher
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from result_access.log_codes import LogCode
    from vigie.access.link_code import LinkCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
) -> Api:
    """Wire the function from its settings."""

    def tell(code: LogCode | LinkCode, reason: str = "") -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    results = ResultReader(aws.dynamodb(), settings.results_table)
    vaccinations = VaccinationReader(aws.dynamodb(), settings.vaccinations_table)
    links = LinkCheck(
        GrantStore(aws.dynamodb(), settings.grants_table),
        SourceReader(results, vaccinations),
        FieldCipher(aws.kms(), settings.identity_key_arn, "identity"),
        tell,
    )
    opening = LinkOpening(
        links=links,
        results=results,
        vaccinations=vaccinations,
        certificates=CertificateReader(aws.dynamodb(), settings.certificates_table),
        reminders=ReminderReader(aws.dynamodb(), settings.certificates_table),
        certificate_cipher=FieldCipher(aws.kms(), settings.certificates_key_arn, "certificates"),
        diseases=diseases(),
        tell=tell,
    )
    alerting = ContactAlerting(
        links=links,
        codes=UploadCodeGiver(
            aws.kms(),
            settings.upload_code_key_arn,
            DerivedKey(aws.kms(), settings.upload_key_arn, "upload-code"),
        ),
        diseases=diseases(),
        app_link=settings.app_link,
        tell=tell,
    )
    return Api(opening, alerting, now, tell)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _api() -> Api:
    return build(read_settings(Settings), logger=_logger(), metrics=_metrics())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("requests", MetricUnit.Count, 1)
        try:
            return _api()(event, context)
        finally:
            metrics.flush_metrics()
