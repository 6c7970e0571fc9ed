"""The door of cluster_publication: a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from cluster_publication.cluster_bucket import ClusterBucket
from cluster_publication.exposure_reader import ExposureReader
from cluster_publication.publication import ClusterPublication
from cluster_publication.settings import Settings
from vigie import aws
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.venues.venue_rules import releases

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cluster_publication.log_codes import LogCode
    from vigie.venues.venue_rules import VenueRules


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    publication: ClusterPublication
    now: Callable[[], datetime]

    def __call__(self) -> None:
        """Run once."""
        self.publication.run(self.now())


def handler(_event: dict[str, object], _context: LambdaContext) -> None:
    """Publish the clusters of the last 14 days."""
    with told_by_type():
        _door()()


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    rules: tuple[VenueRules, ...] | None = None,
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time, aware.
        rules: every release, if not those that Vigie comes with.
    """

    def tell(code: LogCode, count: int = 1) -> None:
        logger.info(code, count=count)
        with single_metric(name=code, unit=MetricUnit.Count, value=count):
            pass

    publication = ClusterPublication(
        exposures=ExposureReader(aws.dynamodb(), settings.exposures_table),
        bucket=ClusterBucket(aws.s3(), settings.clusters_bucket, settings.file_root),
        rules=rules or releases(),
        prefix_digits=settings.prefix_digits,
        tell=tell,
    )
    return Door(publication=publication, now=now)


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
