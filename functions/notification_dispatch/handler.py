"""The door of notification_dispatch: the dispatch queue, with raw events of the events topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from notification_dispatch.delivery import Delivery
from notification_dispatch.email_provider import EmailProvider
from notification_dispatch.journal import Journal
from notification_dispatch.links import Links
from notification_dispatch.message import Messages
from notification_dispatch.notifier import Notifier
from notification_dispatch.sending_store import SendingStore
from notification_dispatch.settings import Settings
from vigie import aws
from vigie.certificates.source import SourceReader
from vigie.consumer import Consumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey, FieldCipher
from vigie.sending.sms_provider import SmsProvider
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type
from vigie.vaccinations.vaccination_reader import VaccinationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


# Nine tenths of a message's time are spent waiting: others are made meanwhile.
SIDE_BY_SIDE = 4


@dataclass(frozen=True, slots=True)
class Door:
    """What answers a batch of messages."""

    consumer: Consumer
    journal: Journal

    def __call__(
        self, event: dict[str, object], context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Handle a batch; the answer names the messages to deliver again."""
        try:
            return self.consumer(event, context)
        finally:
            self.journal.flush()


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
    side_by_side: int = 1,
) -> Door:
    """Wire the function from its settings.

    Args:
        settings: from the environment.
        logger: the function's logger.
        metrics: the function's metrics.
        now: the time, aware.
        side_by_side: how many events are handled at once.
    """
    journal = Journal(logger, metrics)
    sendings = SendingStore(aws.dynamodb(), settings.grants_table)
    notifier = Notifier(
        sources=SourceReader(
            ResultReader(aws.dynamodb(), settings.results_table),
            VaccinationReader(aws.dynamodb(), settings.vaccinations_table),
        ),
        contacts=FieldCipher(aws.kms(), settings.contact_key_arn, "contact"),
        links=Links(DerivedKey(aws.kms(), settings.link_key_arn, "link"), settings.link_base_url),
        sendings=sendings,
        delivery=Delivery(
            store=sendings,
            messages=Messages(),
            email=EmailProvider(aws.sesv2(), settings.email_from),
            sms=SmsProvider(aws.sns_sms(), settings.sms_sender_id),
            now=now,
        ),
        preferred=settings.preferred_channel,
        now=now,
        journal=journal,
    )
    dead_letters = DeadLetters(aws.sqs(), settings.dead_letters_url)
    consumer = Consumer(notifier.handle, dead_letters, logger, side_by_side=side_by_side)
    return Door(consumer, journal)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _door() -> Door:
    return build(
        read_settings(Settings), logger=_logger(), metrics=_metrics(), side_by_side=SIDE_BY_SIDE
    )


def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of events; the answer names those to deliver again."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("batches", MetricUnit.Count, 1)
        try:
            return _door()(event, context)
        finally:
            metrics.flush_metrics()
