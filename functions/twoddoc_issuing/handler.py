"""The door of twoddoc_issuing: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

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
from vigie.http.door import http_door, telling, utc_now
from vigie.results.result_reader import ResultReader
from vigie.sealing import FieldCipher
from vigie.twoddoc.code_reader import CodeReader
from vigie.twoddoc.source_bodies import SourceBodies
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
    tell = telling(logger, metrics)

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


handler = http_door(Settings, build)
