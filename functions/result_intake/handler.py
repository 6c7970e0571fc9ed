"""The door of result intake: messages of the intake queue, one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from result_intake.cutting import RANGE
from result_intake.intake import Intake, IntakeLimits, IntakeStores
from result_intake.intake_reporter import IntakeReporter
from result_intake.item_recorder import WRITERS, ItemRecorder
from result_intake.object_reader import ObjectReader
from result_intake.result_store import PersonKeys, ResultStore
from result_intake.settings import Settings
from result_intake.unpacked_files import UnpackedFiles
from vigie import aws
from vigie.acknowledgement import Acknowledger, FragmentStore, Outbox
from vigie.consumer import Consumer, DeadLetters
from vigie.events.publisher import EventPublisher
from vigie.inbox import FileStore
from vigie.laboratories import LaboratoryRegister, LaboratoryStore
from vigie.message_queue import MessageQueue
from vigie.sealing import DerivedKey, FieldCipher
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


Door = Callable[[dict[str, object], "LambdaContext | None"], "PartialItemFailureResponse"]


def _now() -> datetime:
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    logger: Logger | None = None,
    part_bytes: int = RANGE,
    writers: int = WRITERS,
    now: Callable[[], datetime] = _now,
) -> Door:
    """Build what every invocation of an instance uses.

    Args:
        settings: from the environment.
        logger: of the function, if not the one of the environment.
        part_bytes: above this a file is cut into parts of about this size.
        writers: how many results are written at once.
        now: the present.
    """
    logger = logger or Logger()
    reporter = IntakeReporter(logger)
    retention = timedelta(days=settings.retention_days)
    stores = IntakeStores(
        inbox=ObjectReader(aws.s3(), settings.inbox_bucket, "inbox"),
        unpacked=UnpackedFiles(aws.s3(), settings.workspace_bucket),
        files=FileStore(aws.dynamodb(), settings.files_table),
        fragments=FragmentStore(aws.s3(), settings.workspace_bucket),
        queue=MessageQueue(aws.sqs(), settings.intake_queue_url, "intake-queue"),
        register=LaboratoryRegister(LaboratoryStore(aws.dynamodb(), settings.laboratories_table)),
    )
    results = ResultStore(aws.dynamodb(), settings.results_table, _keys(settings), retention)
    publisher = EventPublisher(aws.sns(), settings.events_topic_arn)
    intake = Intake(
        stores,
        ItemRecorder(results, publisher, writers=writers),
        Acknowledger(stores.fragments, Outbox(aws.s3(), settings.outbox_bucket)),
        reporter,
        IntakeLimits(settings.inbox_bucket, retention, part_bytes),
        now,
    )
    dead_letters = DeadLetters(aws.sqs(), settings.dead_letters_url)
    consumer = Consumer(intake.handle, dead_letters, logger)

    def door(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
        try:
            return consumer(event, context)
        finally:
            reporter.flush()

    return door


def _keys(settings: Settings) -> PersonKeys:
    kms, version = aws.kms(), settings.pseudonym_key_version
    return PersonKeys(
        identity=FieldCipher(kms, settings.identity_key_arn, "identity"),
        contact=FieldCipher(kms, settings.contact_key_arn, "contact"),
        pseudonym=DerivedKey(kms, settings.pseudonym_key_arn, f"pseudonym-v{version}"),
        pseudonym_version=version,
        content=DerivedKey(kms, settings.pseudonym_key_arn, "content"),
        order=DerivedKey(kms, settings.order_key_arn, "order"),
    )


@cache
def _door() -> Door:
    return build(read_settings(Settings))


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Handle a batch of the intake queue; the answer names the messages to deliver again."""
    with told_by_type():
        return _door()(event, context)
