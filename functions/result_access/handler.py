"""The door of result_access: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from vigie.http.door import http_door, telling, utc_now
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey, FieldCipher
from vigie.tracing.code_signer import CodeSigner
from vigie.vaccinations.vaccination_reader import VaccinationReader

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
    tell = telling(logger, metrics)

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
            CodeSigner(aws.kms(), settings.upload_code_key_arn),
            DerivedKey(aws.kms(), settings.upload_key_arn, "upload-code"),
        ),
        diseases=diseases(),
        app_link=settings.app_link,
        tell=tell,
    )
    return Api(opening, alerting, now, tell)


handler = http_door(Settings, build)
