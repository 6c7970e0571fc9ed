"""The door of the download of keys from abroad: a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from federation_download.downloading import Downloading
from federation_download.foreign_key_store import ForeignKeyStore
from federation_download.journal import Journal
from federation_download.settings import Settings
from vigie import aws
from vigie.federation.federation_store import FederationStore
from vigie.federation.registered_gateways import connector, read_gateways
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from vigie.federation.gateway import Gateway
    from vigie.federation.registered_gateways import Connect

# What a batch that has begun may still need: requests that are tried four times, and its keys.
_MARGIN_MILLISECONDS = 300_000


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    downloading: Downloading
    gateways: Callable[[], Sequence[Gateway]]
    journal: Journal

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes.

        Raises:
            Rejected: a newer version of the system wrote what is read.
            Unavailable: AWS did not answer.
        """
        try:
            self.downloading.run(
                self.gateways(),
                lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS,
            )
        finally:
            self.journal.flush()


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Take over what other countries give."""
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
    downloading = Downloading(
        connect=connect or connector(aws.secretsmanager(), settings.secret_prefix),
        store=FederationStore(aws.dynamodb(), settings.federation_table),
        keys=ForeignKeyStore(
            aws.dynamodb(),
            settings.keys_table,
            settings.country,
            timedelta(seconds=settings.release_hour_seconds),
        ),
        home=settings.country,
        now=now,
        journal=journal,
    )
    return Door(
        downloading=downloading,
        gateways=lambda: read_gateways(aws.ssm(), settings.gateways_parameter),
        journal=journal,
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
