"""The door of key_deletion: an hourly schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from key_deletion.deletion import KeyDeletion
from key_deletion.expired_keys import ExpiredKeys
from key_deletion.log_codes import LogCode
from key_deletion.settings import Settings
from vigie import aws
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

# What a page that has begun may still need.
_MARGIN_MILLISECONDS = 15_000


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    deletion: KeyDeletion
    settings: Settings
    logger: Logger
    now: Callable[[], datetime]

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes."""
        deleted = self.deletion.run(
            self.now(),
            timedelta(hours=self.settings.hours_back),
            timedelta(seconds=self.settings.release_hour_seconds),
            lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS,
        )
        self.logger.info(LogCode.KEYS_DELETED, keys=deleted.keys)
        if not deleted.complete:
            self.logger.warning(LogCode.OUT_OF_TIME)
        with single_metric(name="KeysDeleted", unit=MetricUnit.Count, value=deleted.keys) as metric:
            metric.add_dimension(name="complete", value=str(deleted.complete).lower())


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Delete the keys whose 14 days are over."""
    with told_by_type():
        _door()(context)


def build(settings: Settings, *, logger: Logger, now: Callable[[], datetime]) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time, aware.
    """
    return Door(
        deletion=KeyDeletion(ExpiredKeys(aws.dynamodb(), settings.keys_table)),
        settings=settings,
        logger=logger,
        now=now,
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
