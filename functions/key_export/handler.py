"""The door of the key export: a schedule."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from key_export.batch import Cadence
from key_export.export_bucket import ExportBucket
from key_export.export_signer import ExportSigner
from key_export.export_store import ExportStore
from key_export.exporting import Exporter, ReleasedKeys
from key_export.file_making import FileLimits, FileMaker
from key_export.index_publisher import IndexPublisher
from key_export.journal import Journal
from key_export.settings import Settings
from vigie import aws
from vigie.errors import Rejected, Unavailable
from vigie.settings import read_settings
from vigie.tracing.key_reader import KeyReader
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from key_export.export_region import ExportRegion

# What a step that has begun may still need: a file of half a million keys.
_MARGIN_MILLISECONDS = 300_000
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    exporters: tuple[Exporter, ...]
    journal: Journal
    now: Callable[[], datetime]

    def __call__(self, context: LambdaContext) -> None:
        """Run once for each region, as far as the function's time goes.

        A region that fails does not hold up the others.

        Raises:
            Rejected: a newer version of the system wrote what is read, or no key signs.
            Unavailable: AWS did not answer, or a key is in use.
        """
        failures: list[Rejected | Unavailable] = []
        try:
            for exporter in self.exporters:
                try:
                    exporter.run(self.now(), lambda: _has_time(context))
                except (Rejected, Unavailable) as failure:
                    failures.append(failure)
        finally:
            self.journal.flush()
        if failures:
            raise failures[0]


def _has_time(context: LambdaContext) -> bool:
    return context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Export the keys whose hours are over."""
    with told_by_type():
        _door()(context)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    new_seed: Callable[[], bytes] = lambda: secrets.token_bytes(_SEED_BYTES),
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the present, aware.
        new_seed: gives 32 random bytes.
    """
    journal = Journal(logger)
    exporters = tuple(
        _exporter(settings, region, journal=journal, new_seed=new_seed)
        for region in settings.regions()
    )
    return Door(exporters=exporters, journal=journal, now=now)


def _exporter(
    settings: Settings, region: ExportRegion, *, journal: Journal, new_seed: Callable[[], bytes]
) -> Exporter:
    store = ExportStore(aws.dynamodb(), settings.exports_table, region.root)
    bucket = ExportBucket(aws.s3(), settings.exports_bucket)
    return Exporter(
        store=store,
        keys=ReleasedKeys(
            reader=KeyReader(aws.dynamodb(), settings.keys_table, settings.region),
            hour=timedelta(seconds=settings.release_hour_seconds),
            region=region,
            home=settings.region,
        ),
        maker=_maker(settings, region),
        bucket=bucket,
        index=IndexPublisher(store, bucket, region.root),
        cadence=Cadence(
            period=timedelta(seconds=settings.period_seconds),
            settle=timedelta(seconds=settings.settle_seconds),
            lookback=timedelta(seconds=settings.lookback_seconds),
        ),
        root=region.root,
        new_seed=new_seed,
        journal=journal,
    )


def _maker(settings: Settings, region: ExportRegion) -> FileMaker:
    return FileMaker(
        ExportSigner(aws.kms(), settings.verification_keys()),
        region.region,
        FileLimits(
            min_records=settings.min_records,
            padding_range=settings.padding_range,
            max_records=settings.max_records,
        ),
        timedelta(seconds=settings.settle_seconds),
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
