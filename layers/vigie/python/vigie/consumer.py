"""Reading a queue: each message ends done, dead with its reason, or back in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from vigie.dead_letters import EARLIER_REASONS, DeadLetters
from vigie.errors import Rejected, Unavailable
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

__all__ = ["Consumer", "DeadLetters"]


class Consumer:
    """Runs one function over each message of a batch, with partial batch responses.

    Args:
        handle: what to do with the body of a message.
        dead_letters: where a rejected message goes.
        logger: told the code of each failure, never the message.
    """

    def __init__(
        self, handle: Callable[[str], None], dead_letters: DeadLetters, logger: Logger
    ) -> None:
        self._handle = handle
        self._dead_letters = dead_letters
        self._logger = logger

    def __call__(
        self, event: dict[str, object], context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Handle an SQS event; the answer names the messages to deliver again."""
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return process_partial_response(
            event=event, record_handler=self._record, processor=processor, context=context
        )

    def _record(self, record: SQSRecord) -> None:
        with told_by_type("message-failed", self._logger):
            try:
                self._handle(record.body)
            except Rejected as rejected:
                self._dead_letters.bury(record.body, rejected, earlier=earlier_reasons(record))
                self._logger.warning("message-rejected", reason=rejected.code)
            except Unavailable as unavailable:
                self._logger.warning("message-retried", reason=unavailable.code)
                raise


def earlier_reasons(record: SQSRecord) -> str:
    """Why a message was put aside before it was redriven; empty if it never was."""
    attributes = record.get("messageAttributes") or {}
    reasons: str = attributes.get(EARLIER_REASONS, {}).get("stringValue", "")
    return reasons
