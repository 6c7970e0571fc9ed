"""The door of twoddoc_issuing: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from twoddoc_issuing.api import Api
from twoddoc_issuing.code_store import CodeStore
from twoddoc_issuing.current_signer import CodeSigners
from twoddoc_issuing.issuing import CodeIssuing, CodeKey
from twoddoc_issuing.settings import Settings
from vigie import aws
from vigie.access.grant_store import GrantStore
from vigie.access.link_check import LinkCheck
from vigie.catalogue import diseases
from vigie.certificates.source import SourceReader
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.results.result_reader import ResultReader
from vigie.sealing import FieldCipher
from vigie.settings import read_settings
from vigie.twoddoc.code_reader import CodeReader
from vigie.twoddoc.source_bodies import SourceBodies
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from twoddoc_issuing.log_codes import LogCode
    from vigie.access.link_code import LinkCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
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

    def tell(code: LogCode | LinkCode, reason: str = "") -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    sources = SourceReader(
        ResultReader(aws.dynamodb(), settings.results_table),
        VaccinationReader(aws.dynamodb(), settings.vaccinations_table),
    )
    identity_cipher = FieldCipher(aws.kms(), settings.identity_key_arn, "identity")
    links = LinkCheck(
        GrantStore(aws.dynamodb(), settings.grants_table),
        sources,
        identity_cipher,
        tell,
    )
    issuing = CodeIssuing(
        sources=sources,
        codes=CodeReader(aws.dynamodb(), settings.codes_table),
        store=CodeStore(aws.dynamodb(), settings.codes_table),
        bodies=SourceBodies(
            identity_cipher,
            diseases(),
            CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket), clock),
            settings.issuer_time_zone,
        ),
        cipher=FieldCipher(aws.kms(), settings.certificates_key_arn, "certificates"),
        signers=CodeSigners(aws.ssm(), settings.signer_parameter, clock),
        key=CodeKey(aws.kms(), settings.signing_key_arn),
        country=settings.issuer_country,
        zone=settings.issuer_time_zone,
        tell=tell,
    )
    return Api(links, issuing, now, tell)


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
