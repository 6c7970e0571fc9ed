"""Archiving a batch of events: one object for each day that they happened on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from event_archive.log_codes import LogCode
from vigie.errors import Rejected, Unavailable
from vigie.events.archive import ArchivedEvent, read_event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from aws_lambda_powertools import Logger

    from vigie.consumer import DeadLetters
    from vigie.events.archive import EventArchive


class Delivery(NamedTuple):
    """A message of the queue.

    Attributes:
        message_id: its name in the batch.
        body: the event.
        earlier_reasons: why it was put aside before.
    """

    message_id: str
    body: str
    earlier_reasons: str = ""


class Archiving:
    """Keeps the events of a batch.

    Args:
        archive: where they go.
        dead_letters: where what is no event goes.
        logger: told of each object, never of an event.
    """

    def __init__(self, archive: EventArchive, dead_letters: DeadLetters, logger: Logger) -> None:
        self._archive = archive
        self._dead_letters = dead_letters
        self._logger = logger

    def run(self, batch: Iterable[Delivery]) -> list[str]:
        """Archive a batch, and give the ids of the messages to deliver again."""
        failed: list[str] = []
        days: dict[date, list[tuple[str, ArchivedEvent]]] = defaultdict(list)
        for delivery in batch:
            try:
                event = self._read(delivery)
            except Unavailable as unavailable:
                failed.append(delivery.message_id)
                self._logger.warning(LogCode.EVENTS_NOT_KEPT, reason=unavailable.code)
                continue
            if event is not None:
                days[event.day].append((delivery.message_id, event))
        for day, delivered in days.items():
            try:
                self._archive.keep(day, [event for _, event in delivered])
            except Unavailable as unavailable:
                failed += [message_id for message_id, _ in delivered]
                self._logger.warning(LogCode.EVENTS_NOT_KEPT, reason=unavailable.code)
            else:
                self._logger.info(LogCode.EVENTS_ARCHIVED, day=str(day), events=len(delivered))
        return failed

    def _read(self, delivery: Delivery) -> ArchivedEvent | None:
        try:
            return read_event(delivery.body)
        except Rejected as rejected:
            self._dead_letters.bury(delivery.body, rejected, earlier=delivery.earlier_reasons)
            self._logger.warning(LogCode.EVENT_UNREADABLE)
            return None
