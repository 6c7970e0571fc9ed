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
from vigie.settings import read_settings
from vigie.tracing.export_format import SignatureInfo
from vigie.tracing.key_reader import KeyReader
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

# What a step that has begun may still need: a file of half a million keys.
_MARGIN_MILLISECONDS = 300_000
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    exporter: Exporter
    journal: Journal
    now: Callable[[], datetime]

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes.

        Raises:
            Rejected: a newer version of the system wrote what is read.
            Unavailable: AWS did not answer, or a key is in use.
        """
        try:
            self.exporter.run(
                self.now(), lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS
            )
        finally:
            self.journal.flush()


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
    store = ExportStore(aws.dynamodb(), settings.exports_table)
    bucket = ExportBucket(aws.s3(), settings.exports_bucket, settings.file_root)
    journal = Journal(logger)
    exporter = Exporter(
        store=store,
        keys=ReleasedKeys(
            KeyReader(aws.dynamodb(), settings.keys_table, settings.region),
            timedelta(seconds=settings.release_hour_seconds),
        ),
        maker=_maker(settings),
        bucket=bucket,
        index=IndexPublisher(store, bucket, settings.file_root),
        cadence=Cadence(
            period=timedelta(seconds=settings.period_seconds),
            settle=timedelta(seconds=settings.settle_seconds),
            lookback=timedelta(seconds=settings.lookback_seconds),
        ),
        root=settings.file_root,
        new_seed=new_seed,
        journal=journal,
    )
    return Door(exporter=exporter, journal=journal, now=now)


def _maker(settings: Settings) -> FileMaker:
    return FileMaker(
        ExportSigner(aws.kms(), settings.signing_key_arn).sign,
        SignatureInfo(
            verification_key_id=settings.verification_key_id,
            verification_key_version=settings.verification_key_version,
        ),
        settings.region,
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
