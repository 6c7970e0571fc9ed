"""The door of the inbox sweep: a schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from inbox_sweep.log_codes import LogCode
from inbox_sweep.settings import Settings
from inbox_sweep.sweep import InboxSweep
from vigie import aws
from vigie.acknowledgement import Acknowledger, FragmentStore, Outbox
from vigie.errors import Unavailable
from vigie.inbox import FileStore
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Door = Callable[[dict[str, object], "LambdaContext | None"], None]


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings, *, logger: Logger | None = None, now: Callable[[], datetime] = _now
) -> Door:
    """Build what every invocation of an instance uses.

    Args:
        settings: from the environment.
        logger: of the function, if not the one of the environment.
        now: the present.
    """
    logger = logger or Logger()
    metrics = Metrics()
    sweep = InboxSweep(
        FileStore(aws.dynamodb(), settings.files_table),
        Acknowledger(
            FragmentStore(aws.s3(), settings.workspace_bucket),
            Outbox(aws.s3(), settings.outbox_bucket),
        ),
        timedelta(minutes=settings.open_minutes),
        logger,
    )

    def door(_event: dict[str, object], _context: LambdaContext | None) -> None:
        swept = sweep.run(now())
        logger.info(LogCode.SWEPT.value, told=swept.told, failed=swept.failed)
        metrics.add_metric(name="FilesIncomplete", unit=MetricUnit.Count, value=swept.told)
        metrics.flush_metrics()
        if swept.failed:
            # The function's error alarm is how its operators hear of it.
            raise Unavailable("sweep-failed")

    return door


@cache
def _door() -> Door:
    return build(read_settings(Settings))


def handler(event: dict[str, object], context: LambdaContext | None) -> None:
    """Sweep once; what could not be told is tried again at the next run.

    Raises:
        Unavailable: something could not be told.
    """
    with told_by_type():
        _door()(event, context)
