"""Reading a queue: each message ends done, dead with its reason, or back in the queue."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from vigie.dead_letters import EARLIER_REASONS, DeadLetters
from vigie.errors import Rejected, Unavailable
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

__all__ = ["Consumer", "DeadLetters"]


class _End(Enum):
    """Where a message ends: done, in the dead-letter queue, or back in its own."""

    DONE = "done"
    DEAD = "dead"
    BACK = "back"


class Consumer:
    """Runs one function over each message of a batch, with partial batch responses.

    Args:
        handle: what to do with the body of a message.
        dead_letters: where a rejected message goes.
        logger: told the code of each failure, never the message.
        finish: does for the whole batch what `handle` has left to do, such as publishing; where
            it cannot, every message that was handled goes back.
    """

    def __init__(
        self,
        handle: Callable[[str], None],
        dead_letters: DeadLetters,
        logger: Logger,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        self._handle = handle
        self._dead_letters = dead_letters
        self._logger = logger
        self._finish = finish

    def __call__(
        self, event: Mapping[str, Any], _context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Handle an SQS event; the answer names the messages to deliver again."""
        ends = {record["messageId"]: self._end_of(record) for record in event["Records"]}
        back = {_End.BACK} if self._is_finished() else {_End.BACK, _End.DONE}
        failed = [message_id for message_id, end in ends.items() if end in back]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _end_of(self, record: Mapping[str, Any]) -> _End:
        try:
            with told_by_type("message-failed", self._logger):
                return self._process(record)
        except Unavailable:
            return _End.BACK

    def _process(self, record: Mapping[str, Any]) -> _End:
        try:
            self._handle(record["body"])
        except Rejected as rejected:
            self._dead_letters.bury(record["body"], rejected, earlier=earlier_reasons(record))
            self._logger.warning("message-rejected", reason=rejected.code)
            return _End.DEAD
        except Unavailable as unavailable:
            self._logger.warning("message-retried", reason=unavailable.code)
            raise
        return _End.DONE

    def _is_finished(self) -> bool:
        try:
            with told_by_type("batch-failed", self._logger):
                self._finish()
        except Unavailable as unavailable:
            self._logger.warning("batch-retried", reason=unavailable.code)
            return False
        return True


def earlier_reasons(record: Mapping[str, Any]) -> str:
    """Why a message was put aside before it was redriven; empty if it never was."""
    attributes = record.get("messageAttributes") or {}
    reasons: str = attributes.get(EARLIER_REASONS, {}).get("stringValue", "")
    return reasons
