"""The door of the recovery release: an hourly schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from certificate_release.log_codes import LogCode
from certificate_release.release import CertificateRelease
from certificate_release.reminder_store import ReminderStore
from certificate_release.settings import Settings
from certificate_release.signing_queue import SigningQueue
from vigie import aws
from vigie.dead_letters import DeadLetters
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from aws_lambda_powertools.utilities.typing import LambdaContext

# What a page that has begun may still need.
_MARGIN_MILLISECONDS = 15_000


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    release: CertificateRelease
    time_zone: tzinfo
    logger: Logger
    now: Callable[[], datetime]

    def __call__(self, context: LambdaContext) -> None:
        """Run once, as far as the function's time goes."""
        released = self.release.run(
            self.now().astimezone(self.time_zone),
            lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS,
        )
        self.logger.info(LogCode.CERTIFICATES_RELEASED, found=released.found, sent=released.sent)
        if released.given_up:
            self.logger.warning(LogCode.CERTIFICATES_GIVEN_UP, number=released.given_up)
        if released.sent + released.given_up < released.found:
            self.logger.warning(LogCode.MESSAGES_NOT_TAKEN)
        if not released.complete:
            self.logger.warning(LogCode.OUT_OF_TIME)
        with single_metric(
            name="CertificatesReleased", unit=MetricUnit.Count, value=released.sent
        ) as metric:
            metric.add_dimension(name="complete", value=str(released.complete).lower())


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Release the recovery certificates whose day has come."""
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
        release=CertificateRelease(
            ReminderStore(aws.dynamodb(), settings.certificates_table),
            SigningQueue(aws.sqs(), settings.signing_queue_url),
            DeadLetters(aws.sqs(), settings.dead_letters_url),
            settings.days_back,
        ),
        time_zone=settings.issuer_time_zone,
        logger=logger,
        now=now,
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))
