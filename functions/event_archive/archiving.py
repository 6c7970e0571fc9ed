"""Archiving a batch of events: one object for each day that they happened on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from event_archive.log_codes import LogCode
from vigie.errors import Rejected, Unavailable
from vigie.events.archive import ArchivedEvent, read_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from aws_lambda_powertools import Logger

    from vigie.consumer import Failure
    from vigie.events.archive import EventArchive


class Archiving:
    """Keeps the events of a batch.

    Args:
        archive: where they go.
        logger: told of each object, never of an event.
    """

    def __init__(self, archive: EventArchive, logger: Logger) -> None:
        self._archive = archive
        self._logger = logger

    def run(self, bodies: Sequence[str]) -> list[Failure | None]:
        """Archive events, and say of each why it was not, or None."""
        failures: list[Failure | None] = [None] * len(bodies)
        days: dict[date, dict[int, ArchivedEvent]] = defaultdict(dict)
        for place, body in enumerate(bodies):
            try:
                event = read_event(body)
            except Rejected as rejected:
                failures[place] = rejected
                continue
            days[event.day][place] = event
        for day, events in days.items():
            try:
                self._archive.keep(day, list(events.values()))
            except Unavailable as unavailable:
                self._logger.warning(LogCode.EVENTS_NOT_KEPT, reason=unavailable.code)
                failures = [unavailable if at in events else why for at, why in enumerate(failures)]
            else:
                self._logger.info(LogCode.EVENTS_ARCHIVED, day=str(day), events=len(events))
        return failures
