"""The door of certificate_documents: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from certificate_documents.api import Api
from certificate_documents.certificate_opening import CertificateOpening
from certificate_documents.representation import representations
from certificate_documents.settings import Settings
from certificate_documents.wallet_pass import wallet_passes
from vigie import aws
from vigie.access.grant_store import GrantStore
from vigie.access.link_check import LinkCheck
from vigie.certificates.certificate_reader import CertificateReader
from vigie.certificates.source import SourceReader
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.results.result_reader import ResultReader
from vigie.sealing import FieldCipher
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from certificate_documents.log_codes import LogCode
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

    links = LinkCheck(
        GrantStore(aws.dynamodb(), settings.grants_table),
        SourceReader(
            ResultReader(aws.dynamodb(), settings.results_table),
            VaccinationReader(aws.dynamodb(), settings.vaccinations_table),
        ),
        FieldCipher(aws.kms(), settings.identity_key_arn, "identity"),
        tell,
    )
    opening = CertificateOpening(
        links,
        CertificateReader(aws.dynamodb(), settings.certificates_table),
        FieldCipher(aws.kms(), settings.certificates_key_arn, "certificates"),
    )
    value_sets = CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket))
    forms = (
        *representations(value_sets, settings.qr_correction),
        *wallet_passes(settings, value_sets, tell),
    )
    return Api(opening, forms, now, tell)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _api() -> Api:
    return build(read_settings(Settings), logger=_logger(), metrics=_metrics())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda gives it
    """Answer one request."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("requests", MetricUnit.Count, 1)
        try:
            return _api()(event)
        finally:
            metrics.flush_metrics()
