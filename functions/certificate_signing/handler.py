"""The door of certificate signing: messages of the signing queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from certificate_signing.batch_announcer import BatchAnnouncer
from certificate_signing.certificate_signer import CertificateSigner
from certificate_signing.certificate_store import CertificateStore
from certificate_signing.claims import IssuingBody
from certificate_signing.current_dsc import CurrentDsc
from certificate_signing.drafting import Drafter
from certificate_signing.issuing import Issuer
from certificate_signing.journal import Journal
from certificate_signing.messages import subject_of, subjects
from certificate_signing.renewal import Renewal
from certificate_signing.settings import Settings
from certificate_signing.signing import CertificateSigning
from vigie import aws
from vigie.catalogue import diseases
from vigie.certificates.source import SourceReader
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.consumer import Consumer, DeadLetters
from vigie.events.publisher import EventPublisher
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey, FieldCipher
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from vigie.catalogue.disease import Disease

# It waits for KMS and tables longer than it computes.
SIDE_BY_SIDE = 4


@dataclass(frozen=True, slots=True)
class Door:
    """What answers a batch of messages."""

    consumer: Consumer
    journal: Journal

    def __call__(
        self, event: dict[str, object], context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Handle a batch; the answer names the messages to deliver again."""
        try:
            return self.consumer(event, context)
        finally:
            self.journal.flush()


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Make the certificates right of each source that a message names."""
    with told_by_type():
        return _door()(event, context)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    catalogue: Mapping[str, Disease],
    side_by_side: int = SIDE_BY_SIDE,
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time of issue or revocation, aware.
        catalogue: diseases by key.
        side_by_side: how many sources are handled at once.
    """
    journal = Journal(logger)
    announcer = BatchAnnouncer(EventPublisher(aws.sns(), settings.events_topic_arn))
    signing = _signing(settings, journal, announcer, catalogue)
    return Door(
        consumer=Consumer(
            lambda body: signing.reconcile(subject_of(body), now()),
            DeadLetters(aws.sqs(), settings.dead_letters_url),
            logger,
            announcer.flush,
            subjects,
            side_by_side=side_by_side,
        ),
        journal=journal,
    )


def _signing(
    settings: Settings,
    journal: Journal,
    announcer: BatchAnnouncer,
    catalogue: Mapping[str, Disease],
) -> CertificateSigning:
    issuing_body = IssuingBody(
        country=settings.issuer_country,
        name=settings.issuer_name,
        time_zone=settings.issuer_time_zone,
    )
    return CertificateSigning(
        sources=SourceReader(
            ResultReader(aws.dynamodb(), settings.results_table),
            VaccinationReader(aws.dynamodb(), settings.vaccinations_table),
        ),
        certificates=CertificateStore(aws.dynamodb(), settings.certificates_table),
        drafter=Drafter(
            catalogue,
            FieldCipher(aws.kms(), settings.identity_key_arn, "identity"),
            DerivedKey(aws.kms(), settings.uvci_key_arn, "uvci"),
            issuing_body,
            CurrentValueSets(ValueSetReleases(aws.s3(), settings.value_sets_bucket)),
        ),
        issuer=Issuer(
            CurrentDsc(aws.ssm(), settings.current_dsc_parameter),
            CertificateSigner(aws.kms()),
            FieldCipher(aws.kms(), settings.certificates_key_arn, "certificates"),
            issuing_body,
            timedelta(days=settings.validity_days),
        ),
        renewal=Renewal(timedelta(days=settings.renewal_notice_days), settings.issuer_time_zone),
        announcer=announcer,
        journal=journal,
    )


@cache
def _door() -> Door:
    return build(
        read_settings(Settings),
        logger=Logger(),
        now=lambda: datetime.now(UTC),
        catalogue=diseases(),
    )
