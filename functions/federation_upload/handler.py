"""The door of the offering of keys to other countries: a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from federation_upload.journal import Journal
from federation_upload.offering import Offering
from federation_upload.settings import Settings
from vigie import aws
from vigie.federation.batch_signer import BatchSigner
from vigie.federation.federation_store import FederationStore
from vigie.federation.registered_gateways import connector, read_gateways
from vigie.settings import read_settings
from vigie.tracing.key_reader import KeyReader
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from vigie.federation.gateway import Gateway
    from vigie.federation.registered_gateways import Connect

# What a batch that has begun may still need.
_MARGIN_MILLISECONDS = 300_000


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    offering: Offering
    gateways: Callable[[], Sequence[Gateway]]
    now: Callable[[], datetime]
    journal: Journal

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes.

        Raises:
            Rejected: a newer version of the system wrote what is read.
            Unavailable: AWS did not answer.
        """
        try:
            self.offering.run(
                self.gateways(),
                self.now(),
                lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS,
            )
        finally:
            self.journal.flush()


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Offer what was released."""
    with told_by_type():
        _door()(context)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    connect: Connect | None = None,
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, aware.
        connect: connects to a gateway, if not with the credentials of its secret.
    """
    journal = Journal(logger)
    offering = Offering(
        connect=connect or connector(aws.secretsmanager(), settings.secret_prefix),
        signer=BatchSigner(aws.kms(), aws.ssm(), settings.signer_parameter),
        store=FederationStore(aws.dynamodb(), settings.federation_table),
        keys=KeyReader(aws.dynamodb(), settings.keys_table, settings.country),
        home=settings.country,
        hour=timedelta(seconds=settings.release_hour_seconds),
        settle=timedelta(seconds=settings.settle_seconds),
        journal=journal,
    )
    return Door(
        offering=offering,
        gateways=lambda: read_gateways(aws.ssm(), settings.gateways_parameter),
        now=now,
        journal=journal,
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
