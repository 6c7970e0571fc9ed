"""The door of the mass reissue: a schedule, every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from certificate_reissue.harvest import Harvester
from certificate_reissue.log_codes import LogCode
from certificate_reissue.release import Limits, Release
from certificate_reissue.settings import Settings
from certificate_reissue.waiting import Waiting
from vigie import aws
from vigie.certificates.certificate_scan import CertificateScan
from vigie.certificates.reissue_jobs import ReissueJobs
from vigie.message_queue import MessageQueue
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from certificate_reissue.release import Ran

# Sending a minute's messages takes some five seconds.
_MARGIN_MILLISECONDS = 15_000
SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class Door:
    """What answers the schedule."""

    release: Release
    logger: Logger

    def __call__(self, context: LambdaContext) -> None:
        """Release what is due for a minute."""
        ran = self.release.run(
            lambda: context.get_remaining_time_in_millis() > _MARGIN_MILLISECONDS
        )
        if ran is None:
            return
        self.logger.info(_code(ran), extra=_told(ran))
        if ran.kept and ran.progress.ended_at is not None:
            self.logger.info(LogCode.REISSUE_ENDED, job=ran.job.number)
        if ran.stalled:
            self.logger.warning(LogCode.REISSUE_STALLED, job=ran.job.number)
        _count("ReissueReleased", ran.released if ran.kept else 0)
        _count("ReissueStalled", int(ran.stalled))
        if ran.job.plan.expected:
            percent = 100 * ran.progress.released / ran.job.plan.expected
            _count("ReissueDone", percent, MetricUnit.Percent)


def handler(_event: dict[str, object], context: LambdaContext) -> None:
    """Release a minute of the mass reissue that runs, if one does."""
    with told_by_type():
        _door()(context)


def build(
    settings: Settings,
    *,
    logger: Logger,
    now: Callable[[], datetime],
    side_by_side: int = SIDE_BY_SIDE,
) -> Door:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
        now: the time, aware.
        side_by_side: how many pages of the table are read at once.
    """
    release = Release(
        jobs=ReissueJobs(aws.dynamodb(), settings.reissue_jobs_table),
        harvester=Harvester(
            CertificateScan(aws.dynamodb(), settings.certificates_table),
            settings.pages,
            side_by_side,
        ),
        queue=MessageQueue(aws.sqs(), settings.reissue_queue_url, "reissue-queue"),
        waiting=Waiting(aws.sqs(), settings.reissue_queue_url, settings.signing_queue_url),
        limits=Limits(settings.most_rate, settings.people_waiting, settings.segments),
        clock=now,
    )
    return Door(release, logger)


@cache
def _door() -> Door:
    return build(read_settings(Settings), logger=Logger(), now=lambda: datetime.now(UTC))


def _code(ran: Ran) -> LogCode:
    if not ran.kept:
        return LogCode.REISSUE_OVERTAKEN
    return LogCode.REISSUE_RELEASED if ran.read or ran.released else LogCode.REISSUE_WAITED


def _told(ran: Ran) -> dict[str, int]:
    return {
        "job": ran.job.number,
        "read": ran.read,
        "released": ran.released,
        "waiting": ran.waiting,
        "people_wait": ran.people_wait,
    }


def _count(name: str, value: float, unit: MetricUnit = MetricUnit.Count) -> None:
    with single_metric(name=name, unit=unit, value=value):
        pass
