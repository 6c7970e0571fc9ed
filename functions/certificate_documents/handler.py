"""The door of certificate_documents: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from vigie.http.door import http_door, telling, utc_now
from vigie.results.result_reader import ResultReader
from vigie.sealing import FieldCipher
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


handler = http_door(Settings, build)
