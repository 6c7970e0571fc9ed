"""Telling archived events again, to one consumer."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from vigie.message_queue import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cli.journal import Journal
    from vigie.events.archive import ArchivedEvent, EventArchive
    from vigie.message_queue import MessageQueue

_BATCH = 10


@dataclass(frozen=True, slots=True)
class Span:
    """Which events.

    Attributes:
        first: the first day (UTC) of their happening.
        last: the last one.
        types: only of these types; None for all.
    """

    first: date
    last: date
    types: frozenset[str] | None = None

    @property
    def days(self) -> Iterator[date]:
        """Every day, in order."""
        number = (self.last - self.first).days + 1
        return (self.first + timedelta(days=place) for place in range(number))


@dataclass(slots=True)
class Replayed:
    """What a run did.

    Attributes:
        events: how many events were sent, or would be, by day and type.
        repeated: events that stood in the archive twice and were sent once.
        skipped: objects that the journal knows.
    """

    events: Counter[tuple[date, str]] = field(default_factory=Counter)
    repeated: int = 0
    skipped: int = 0


class Pace:
    """Lets no more through than so many a second.

    Args:
        rate: the number.
        clock: seconds that only go forward.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._free_at = clock()

    def wait(self, number: int) -> None:
        """Wait until so many may go."""
        now = self._clock()
        if self._free_at > now:
            self._sleep(self._free_at - now)
        self._free_at = max(self._free_at, now) + number / self._rate


def replay(
    archive: EventArchive, queue: MessageQueue | None, span: Span, journal: Journal, pace: Pace
) -> Replayed:
    """Send the events of some days to a queue, as its subscription would, each once.

    An object is noted when its events were sent: stopped in between, they are sent again.

    Args:
        archive: where they are.
        queue: where they go; None only counts.
        span: which of them.
        journal: of what was sent before.
        pace: how fast.

    Raises:
        Rejected: `event-unreadable`, an object of the archive is damaged.
        Unavailable: AWS did not answer; what was sent is in the journal.
    """
    replayed = Replayed()
    for day in span.days:
        # The day of an event is its own, so that it stands nowhere else.
        told: set[bytes] = set()
        for key in archive.keys(day):
            if key in journal:
                replayed.skipped += 1
                continue
            events = _once(archive.read(key), span, told, replayed)
            for batch in _batches(events):
                if queue is not None:
                    pace.wait(len(batch))
                    queue.send_messages(Message(one.body, {"type": one.type}) for one in batch)
                replayed.events.update((day, one.type) for one in batch)
            if queue is not None:
                journal.note(key)
    return replayed


def _once(
    events: Iterable[ArchivedEvent], span: Span, told: set[bytes], replayed: Replayed
) -> Iterator[ArchivedEvent]:
    for event in events:
        if span.types is not None and event.type not in span.types:
            continue
        name = uuid.uuid5(uuid.NAMESPACE_OID, event.id).bytes
        if name in told:
            replayed.repeated += 1
            continue
        told.add(name)
        yield event


def _batches(events: Iterable[ArchivedEvent]) -> Iterator[list[ArchivedEvent]]:
    remaining = iter(events)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
