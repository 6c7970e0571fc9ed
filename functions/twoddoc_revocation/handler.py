"""The door of the revocation of 2D-DOC: records that were corrected or withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from twoddoc_revocation.code_store import CodeStore
from twoddoc_revocation.messages import changed_source
from twoddoc_revocation.revoking import CodeRevoking
from twoddoc_revocation.settings import Settings
from vigie import aws
from vigie.catalogue import diseases
from vigie.certificates.source import SourceReader
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.consumer import Consumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.sealing import FieldCipher
from vigie.settings import read_settings
from vigie.twoddoc.code_reader import CodeReader
from vigie.twoddoc.revoked_codes import RevokedCodes
from vigie.twoddoc.source_bodies import SourceBodies
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Revoke the documents of each record that a message says was changed."""
    with told_by_type():
        return _door()(event, context)


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Consumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time of revocation, aware.
    """
    revoking = CodeRevoking(
        sources=SourceReader(
            ResultReader(aws.dynamodb(), settings.results_table),
            VaccinationReader(aws.dynamodb(), settings.vaccinations_table),
        ),
        codes=CodeReader(aws.dynamodb(), settings.codes_table),
        store=CodeStore(aws.dynamodb(), settings.codes_table),
        bodies=SourceBodies(
            FieldCipher(aws.kms(), settings.identity_key_arn, "identity"),
            diseases(),
            CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket)),
            settings.issuer_time_zone,
        ),
        revoked=RevokedCodes(aws.s3(), settings.lists_bucket),
        now=now,
        logger=logger,
    )
    return Consumer(
        lambda body: revoking.change(changed_source(body)),
        DeadLetters(aws.sqs(), settings.dead_letters_url),
        logger,
        revoking.flush,
    )


@cache
def _door() -> Consumer:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
