"""The door of the publication of revocations: a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from revocation_publication.journal import Journal
from revocation_publication.publication import Publication
from revocation_publication.publication_store import PublicationStore
from revocation_publication.settings import Settings
from revocation_publication.slice_building import SliceBuilder
from revocation_publication.upload_signer import UploadSigner
from vigie import aws
from vigie.lists.list_bucket import ListBucket
from vigie.lists.published_lists import PublishedLists
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.settings import read_settings
from vigie.trust.trusted_kids import TrustedKids
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

# What building the slices may need, after the last batch.
_MARGIN_MILLISECONDS = 450_000


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    publication: Publication
    journal: Journal
    now: Callable[[], datetime]

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes."""
        try:
            self.publication.run(
                self.now(), lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS
            )
        finally:
            self.journal.flush()


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Publish what was revoked."""
    with told_by_type():
        _door()(context)


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, in UTC.
    """
    bucket = RevocationBucket(aws.s3(), settings.revocation_bucket)
    journal = Journal(logger)
    publication = Publication(
        store=PublicationStore(aws.dynamodb(), settings.revocations_table),
        batches=BatchReader(aws.dynamodb(), settings.revocations_table),
        bucket=bucket,
        signer=UploadSigner(aws.kms(), aws.ssm(), settings.upload_signer_parameter),
        builder=SliceBuilder(bucket, settings.slice_type, settings.false_positive_rate, logger),
        trusted=TrustedKids(PublishedLists(ListBucket(aws.s3(), settings.lists_bucket))),
        country=settings.country,
        journal=journal,
    )
    return Door(publication=publication, journal=journal, now=now)


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
