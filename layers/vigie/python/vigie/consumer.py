"""Reading a queue: each event ends done, dead with its reason, or back with its message.

A message carries one event or several (`vigie.events.bundle`), and each is handled, whatever
becomes of the others. One that can never succeed is put aside alone, so that the dead letter is
that event, with its reason, and a redrive repeats nothing else. One that must be tried again
sends its whole message back, of which nothing is put aside yet: handlers are idempotent, and a
queue can give back no less than a message.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from uuid import UUID

from vigie.dead_letters import EARLIER_REASONS, DeadLetters
from vigie.errors import Rejected, Unavailable
from vigie.events.bundle import unbundled
from vigie.unforeseen import UNFORESEEN, told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

__all__ = ["BatchConsumer", "Consumer", "DeadLetters", "Failure"]

Failure: TypeAlias = Rejected | Unavailable
# The bodies of the events of a batch; why each of them failed, or None, in the same order.
HandleBatch: TypeAlias = "Callable[[Sequence[str]], Sequence[Failure | None]]"


class _Message(NamedTuple):
    """A message of a batch.

    Attributes:
        message_id: its name in the batch.
        events: the body of each.
        earlier_reasons: why it was put aside before it was redriven.
    """

    message_id: str
    events: Sequence[str]
    earlier_reasons: str

    def named(self, place: int) -> dict[str, str]:
        """What may be logged of an event."""
        among = {"place": f"events[{place}]"} if len(self.events) > 1 else {}
        event_id = _event_id(self.events[place])
        return among if event_id is None else {**among, "event": event_id}


class BatchConsumer:
    """Runs one function over the events of a whole batch, with partial batch responses.

    Args:
        handle: what to do with the bodies of the events of a batch, one or several of each
            message; it says of each why it failed, or None. What it raises is a failure of all,
            but for what one of them may be the cause of: it is given them again in halves.
        dead_letters: where what is rejected goes.
        logger: told the code of each failure, with the event's id, never the event.
        finish: does for the whole batch what `handle` has left to do, such as publishing; where
            it cannot, every message of which an event was handled goes back.
        apart: takes a message apart into what is handled, and put aside, for itself.
    """

    def __init__(
        self,
        handle: HandleBatch,
        dead_letters: DeadLetters,
        logger: Logger,
        finish: Callable[[], None] = lambda: None,
        apart: Callable[[str], Sequence[str]] = unbundled,
    ) -> None:
        self._handle = handle
        self._dead_letters = dead_letters
        self._logger = logger
        self._finish = finish
        self._apart = apart

    def __call__(
        self, event: Mapping[str, Any], _context: LambdaContext | None
    ) -> PartialItemFailureResponse:
        """Handle an SQS event; the answer names the messages to deliver again."""
        messages = [self._message(record) for record in event["Records"]]
        failures = iter(self._handled([one for message in messages for one in message.events]))
        failed = [(message, list(islice(failures, len(message.events)))) for message in messages]
        finished = self._is_finished()
        back = [
            message.message_id
            for message, why in failed
            if not self._ends(message, why, finished=finished)
        ]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in back]}

    def _message(self, record: Mapping[str, Any]) -> _Message:
        return _Message(record["messageId"], self._apart(record["body"]), earlier_reasons(record))

    def _handled(self, bodies: Sequence[str]) -> Sequence[Failure | None]:
        try:
            with told_by_type("batch-failed", self._logger):
                return self._handle(bodies)
        except (Rejected, Unavailable) as failure:
            if len(bodies) <= 1 or not _is_of_one(failure):
                return [failure] * len(bodies)
        half = len(bodies) // 2
        return [*self._handled(bodies[:half]), *self._handled(bodies[half:])]

    def _is_finished(self) -> bool:
        try:
            with told_by_type("batch-failed", self._logger):
                self._finish()
        except Unavailable as unavailable:
            self._logger.warning("batch-retried", reason=unavailable.code)
            return False
        return True

    def _ends(
        self, message: _Message, failures: Sequence[Failure | None], *, finished: bool
    ) -> bool:
        """Whether a message is done with, once what it is rejected for is put aside."""
        rejected: list[tuple[int, Rejected]] = []
        ends = finished or None not in failures
        for place, failure in enumerate(failures):
            if isinstance(failure, Unavailable):
                ends = False
                self._tell("message-retried", failure, message, place)
            elif failure is not None:
                rejected.append((place, failure))
        return ends and all(self._is_buried(message, place, why) for place, why in rejected)

    def _is_buried(self, message: _Message, place: int, why: Rejected) -> bool:
        try:
            with told_by_type("message-failed", self._logger):
                self._dead_letters.bury(message.events[place], why, earlier=message.earlier_reasons)
        except Unavailable as unavailable:
            self._tell("message-retried", unavailable, message, place)
            return False
        self._tell("message-rejected", why, message, place)
        return True

    def _tell(self, code: str, failure: Failure, message: _Message, place: int) -> None:
        self._logger.warning(code, extra={"reason": failure.code, **message.named(place)})


class Consumer(BatchConsumer):
    """Runs one function over each event of a batch.

    Args:
        handle: what to do with the body of an event; it raises what failed.
        dead_letters: as for `BatchConsumer`.
        logger: as for `BatchConsumer`.
        finish: as for `BatchConsumer`.
        apart: as for `BatchConsumer`.
        side_by_side: how many events are handled at once.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        handle: Callable[[str], None],
        dead_letters: DeadLetters,
        logger: Logger,
        finish: Callable[[], None] = lambda: None,
        apart: Callable[[str], Sequence[str]] = unbundled,
        *,
        side_by_side: int = 1,
    ) -> None:
        super().__init__(self._handle_each, dead_letters, logger, finish, apart)
        self._handle_one = handle
        self._side_by_side = side_by_side

    def _handle_each(self, bodies: Sequence[str]) -> list[Failure | None]:
        if self._side_by_side == 1:
            return [self._failure_of(body) for body in bodies]
        with ThreadPoolExecutor(self._side_by_side) as pool:
            return list(pool.map(self._failure_of, bodies))

    def _failure_of(self, body: str) -> Failure | None:
        try:
            with told_by_type("message-failed", self._logger):
                self._handle_one(body)
        except (Rejected, Unavailable) as failure:
            return failure
        return None


def earlier_reasons(record: Mapping[str, Any]) -> str:
    """Why a message was put aside before it was redriven; empty if it never was."""
    attributes = record.get("messageAttributes") or {}
    reasons: str = attributes.get(EARLIER_REASONS, {}).get("stringValue", "")
    return reasons


def _is_of_one(failure: Failure) -> bool:
    """Whether one event may be the cause, and not what none of them could be done without."""
    return isinstance(failure, Rejected) or failure.code.startswith(UNFORESEEN)


def _event_id(body: str) -> str | None:
    """The id of an event, where it can be nothing but an id."""
    with suppress(AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return str(UUID(json.loads(body)["id"]))
    return None
