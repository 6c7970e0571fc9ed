"""The door of verification_codes: an HTTP API (payload format 2.0) behind CloudFront."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from verification_codes.api import Api
from verification_codes.certifying import CertificateSigner, Certifying
from verification_codes.code_status import CodeStatus
from verification_codes.code_store import CodeStore, Tables
from verification_codes.issuing import CodeIssuing
from verification_codes.jwks import KeySet
from verification_codes.settings import Settings
from verification_codes.try_limit import TryLimit
from verification_codes.verifying import CodeVerifying, Keys
from vigie import aws
from vigie.http.answer_slots import AnswerSlots
from vigie.http.door import http_door, telling, utc_now
from vigie.sealing import DerivedKey
from vigie.tracing.code_verifier import CodeVerifier
from vigie.tracing.issue_counts import IssueCounts
from vigie.tracing.issuer_store import IssuerStore
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

    store = CodeStore(aws.dynamodb(), Tables(settings.codes_table, settings.used_codes_table))
    keys = Keys(
        codes=derived("verification-code"),
        tokens=derived("verification-token"),
        requests=derived("verification-request"),
    )
    return Api(
        issuing=CodeIssuing(
            settings,
            issuers=IssuerStore(aws.dynamodb(), settings.issuers_table),
            upload_codes=CodeVerifier(aws.kms(), settings.upload_code_key_arn, tuple(CodeReport)),
            store=store,
            counts=IssueCounts(aws.dynamodb(), settings.codes_table),
            code_key=keys.codes,
            tell=tell,
        ),
        status=CodeStatus(store),
        verifying=CodeVerifying(
            store=store,
            tries=TryLimit(aws.dynamodb(), settings.tries_table, settings.wrong_tries_an_hour),
            keys=keys,
            issuer=settings.verification_issuer,
            tell=tell,
        ),
        certifying=Certifying(
            store=store,
            signer=CertificateSigner(aws.kms(), settings.verification_key_arn),
            keys=keys,
            issuer=settings.verification_issuer,
            audience=settings.verification_audience,
            tell=tell,
        ),
        keys=KeySet(aws.kms(), settings.verification_key_arn),
        code_link=settings.code_link,
        slots=slots or AnswerSlots(time.monotonic, time.sleep),
        now=now,
        tell=tell,
    )


handler = http_door(Settings, build)
