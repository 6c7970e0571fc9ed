"""The door of visit_recording: messages of the visits queue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from vigie import aws
from vigie.consumer import Consumer, DeadLetters
from vigie.http.door import telling, utc_now
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.venues.venue_keys import venue_keys
from vigie.venues.venue_rules import releases
from vigie.venues.visit_to_count import read_visit
from visit_recording.exposure_store import ExposureStore
from visit_recording.recording import VisitRecording
from visit_recording.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Count the visit of each message."""
    with told_by_type():
        try:
            return _door()(event, context)
        finally:
            _metrics().flush_metrics()


def build(
    settings: Settings, *, logger: Logger, metrics: Metrics, now: Callable[[], datetime]
) -> Consumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: the function's.
        now: the time, aware.
    """
    recording = VisitRecording(
        keys=venue_keys(aws.kms(), settings.venue_key_arn, settings.venue_key_versions.split()),
        rules=releases(),
        store=ExposureStore(
            aws.dynamodb(), settings.exposures_table, settings.counted_visits_table
        ),
        now=now,
        tell=telling(logger, metrics),
    )
    return Consumer(
        lambda body: recording.record(read_visit(body)),
        DeadLetters(aws.sqs(), settings.dead_letters_url),
        logger,
    )


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _door() -> Consumer:
    return build(
        read_settings(Settings),
        logger=Logger(),
        metrics=_metrics(),
        now=utc_now,
    )
