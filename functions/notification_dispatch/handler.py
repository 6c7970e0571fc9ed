"""The door of notification_dispatch: the dispatch queue, with raw events of the events topic."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from notification_dispatch.delivery import Delivery
from notification_dispatch.email_provider import EmailProvider
from notification_dispatch.links import Links
from notification_dispatch.message import Messages
from notification_dispatch.notifier import Notifier
from notification_dispatch.sending_store import SendingStore
from notification_dispatch.settings import Settings
from notification_dispatch.sms_provider import SmsProvider
from vigie import aws
from vigie.consumer import Consumer, DeadLetters
from vigie.results.result_reader import ResultReader
from vigie.sealing import DerivedKey, FieldCipher
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from notification_dispatch.log_codes import LogCode


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger,
    metrics: Metrics,
    now: Callable[[], datetime] = _now,
) -> Consumer:
    """Wire the function from its settings."""

    def tell(code: LogCode, **details: str) -> None:
        logger.info(code.value, extra=details)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    sendings = SendingStore(aws.dynamodb(), settings.grants_table)
    notifier = Notifier(
        results=ResultReader(aws.dynamodb(), settings.results_table),
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
        tell=tell,
    )
    return Consumer(notifier.handle, DeadLetters(aws.sqs(), settings.dead_letters_url), logger)


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _consumer() -> Consumer:
    return build(read_settings(Settings), logger=_logger(), metrics=_metrics())


def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of events; the answer names those to deliver again."""
    with told_by_type():
        metrics = _metrics()
        metrics.add_metric("batches", MetricUnit.Count, 1)
        try:
            return _consumer()(event, context)
        finally:
            metrics.flush_metrics()
