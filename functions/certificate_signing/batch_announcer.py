"""Announcing the certificates of a batch of messages together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.events.event import AnyEvent
    from vigie.events.publisher import EventPublisher


class BatchAnnouncer:
    """Holds events until those of a batch are handled, then publishes them together.

    What an event tells of is stored before it is held. A batch that dies before `flush`, or
    whose `flush` fails, is delivered again and tells the same.

    Args:
        publisher: of the events topic.
    """

    def __init__(self, publisher: EventPublisher) -> None:
        self._publisher = publisher
        self._held: list[AnyEvent] = []

    def announce(self, events: Iterable[AnyEvent]) -> None:
        """Hold events; several threads may."""
        self._held.extend([*events])

    def flush(self) -> None:
        """Publish what is held, once.

        Raises:
            Unavailable: at least one was not taken.
        """
        held, self._held = self._held, []
        self._publisher.publish(held)
