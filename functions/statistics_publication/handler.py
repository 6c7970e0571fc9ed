"""The door of the publication of the numbers: a schedule, or a call for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from statistics_publication.count_reader import CountReader
from statistics_publication.disclosure import disclosure_rule
from statistics_publication.level import levels
from statistics_publication.messages import call_of
from statistics_publication.open_data_bucket import OpenDataBucket
from statistics_publication.population import population
from statistics_publication.publishing import Publishing
from statistics_publication.settings import Settings
from vigie import aws
from vigie.catalogue import diseases
from vigie.errors import Rejected
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from statistics_publication.level import Level
    from vigie.catalogue.disease import Disease


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    publishing: Publishing
    catalogue: Mapping[str, Disease]
    time_zone: ZoneInfo
    now: Callable[[], datetime]

    def __call__(self, event: dict[str, object]) -> None:
        """Publish the numbers of each disease that is asked for.

        Raises:
            Rejected: the call is malformed, or asks for a disease that the catalogue lacks.
            Unavailable: AWS did not answer.
        """
        call, now = call_of(event), self.now()
        if call.disease is not None and call.disease not in self.catalogue:
            raise Rejected("disease-unknown", "the catalogue has no disease of this key")
        asked = sorted(self.catalogue) if call.disease is None else [call.disease]
        published_on = call.date or now.astimezone(self.time_zone).date()
        for key in asked:
            self.publishing.publish(self.catalogue[key], published_on, now)


def handler(event: dict[str, object], _context: LambdaContext | None) -> None:
    """Publish the numbers."""
    with told_by_type():
        _door()(event)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    catalogue: Mapping[str, Disease],
    tables_for: Sequence[Level],
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, aware.
        catalogue: diseases by key.
        tables_for: the levels that tables are made for.
    """
    publishing = Publishing(
        CountReader(aws.dynamodb(), settings.counts_table),
        OpenDataBucket(aws.s3(), settings.open_data_bucket),
        population(),
        tables_for,
        logger,
    )
    return Door(publishing=publishing, catalogue=catalogue, time_zone=settings.time_zone, now=now)


@cache
def _door() -> Door:
    return build(
        read_settings(Settings),
        logger=Logger(),
        now=lambda: datetime.now(UTC),
        catalogue=diseases(),
        tables_for=levels(population(), disclosure_rule().least_inhabitants),
    )
