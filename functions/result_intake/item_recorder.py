"""What becomes of the items of a file: each stored or refused, told, and counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from result_intake.message_verdicts import MessageVerdicts
from result_intake.rules import breach
from result_intake.tally import Tally
from result_intake.versioning import result_id
from vigie.acknowledgement import Entry, EntryOutcome, Fragment, Listing
from vigie.results.codes import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from result_intake.result_event import StoredEvent
    from result_intake.result_store import ResultStore
    from vigie.events.publisher import EventPublisher
    from vigie.inbox import InboxFile
    from vigie.laboratories import Laboratory
    from vigie.results.reading import Breach, Item
    from vigie.results.test_result import TestResult

# So many items are held, and at most so many events wait for their results to be stored: those
# of one kind are published in one call.
_WINDOW = 250
WRITERS = 8


class _Told(NamedTuple):
    entry: Entry
    event: StoredEvent | None = None
    content_hash: str | None = None


class ItemRecorder:
    """Stores the results of items and publishes what happened.

    Several writers work at once, because a write is mostly waiting. Items of one result stay
    with one writer, in the order of the file, so that the answers do not depend on luck.

    Args:
        results: where results are kept.
        publisher: of the events topic.
        writers: how many write at once.
    """

    def __init__(
        self, results: ResultStore, publisher: EventPublisher, *, writers: int = WRITERS
    ) -> None:
        self._results = results
        self._publisher = publisher
        self._writers = writers

    def record(self, items: Iterable[Item], file: InboxFile, laboratory: Laboratory) -> Fragment:
        """Store, publish and count items.

        Events are published after the writes that they tell of, and again on a retry.

        Args:
            items: of a file or a part of it, as they are read.
            file: where they come from.
            laboratory: whose file it is, as the register has it.

        Raises:
            Unavailable: AWS did not answer; doing it all again is harmless.
        """
        tally = Tally()
        entries: list[Entry] = []
        listing, verdicts = Listing(), MessageVerdicts()
        remaining = map(_tried, items) if file.trial else iter(items)
        with ThreadPoolExecutor(self._writers) as pool:
            while window := list(islice(remaining, _WINDOW)):
                told = self._record_window(window, file, laboratory, pool)
                self._publisher.publish(one.event for one in told if one.event is not None)
                for item, one in zip(window, told, strict=True):
                    tally.add(one.entry, item.result, one.content_hash)
                    verdicts.note(one.entry, item.envelope)
                entries += listing.choose(one.entry for one in told)
        return Fragment(
            counts=tally.counts,
            entries=tuple(entries),
            refusals=tally.refusals,
            delays=tally.delays,
            content=tally.content,
            warned=tally.warned,
            messages=verdicts.messages(),
            verdicts=dict(verdicts.counts),
        )

    def _record_window(
        self,
        window: list[Item],
        file: InboxFile,
        laboratory: Laboratory,
        pool: ThreadPoolExecutor,
    ) -> list[_Told]:
        """Record items side by side, those of one result one after the other."""
        told: dict[int, _Told] = {}
        shares = _shares(window, file, self._writers)
        for done in pool.map(lambda share: self._record_share(share, file, laboratory), shares):
            told.update(done)
        return [told[position] for position in range(len(window))]

    def _record_share(
        self, share: list[tuple[int, Item]], file: InboxFile, laboratory: Laboratory
    ) -> list[tuple[int, _Told]]:
        return [(position, self._record_item(item, file, laboratory)) for position, item in share]

    def _record_item(self, item: Item, file: InboxFile, laboratory: Laboratory) -> _Told:
        if item.result is None:
            return _Told(_entry(item, EntryOutcome.REJECTED))
        if not _may_report(laboratory, item.result):
            forbidden = breach("test-not-allowed", item.place)
            return _Told(_entry(item, EntryOutcome.REJECTED, told=forbidden))
        if item.test_mode:
            return _Told(_entry(item, EntryOutcome.TEST))
        recorded = self._results.record(
            item.result,
            laboratory=file.laboratory,
            source=f"{file.file_id}:{item.ordinal}",
            received_at=file.received_at,
        )
        outcome = EntryOutcome(recorded.decision.answer.value)
        if outcome is EntryOutcome.ACCEPTED and item.breaches:
            outcome = EntryOutcome.ACCEPTED_WITH_WARNINGS
        told = None
        if recorded.decision.in_vain:
            told = breach("withdrawal-superseded", item.place)
        entry = _entry(item, outcome, recorded.result_id, told=told)
        return _Told(entry, recorded.event, recorded.content_hash)


def _may_report(laboratory: Laboratory, result: TestResult) -> bool:
    """Whether the register lets a laboratory report a test; what it reported it may take back."""
    return result.status is Status.WITHDRAWN or laboratory.may_report(result)


def _tried(item: Item) -> Item:
    return item.model_copy(update={"test_mode": True})


def _shares(window: list[Item], file: InboxFile, writers: int) -> list[list[tuple[int, Item]]]:
    """What each writer has to do, with the place of each item in the window."""
    shares: list[list[tuple[int, Item]]] = [[] for _ in range(writers)]
    writer_of: dict[str, int] = {}
    for position, item in enumerate(window):
        writer = position % writers
        if item.result is not None and not item.test_mode:
            named = result_id(file.laboratory, item.result.local_id)
            writer = writer_of.setdefault(named, writer)
        shares[writer].append((position, item))
    return shares


def _entry(
    item: Item, outcome: EntryOutcome, stored: str | None = None, *, told: Breach | None = None
) -> Entry:
    """What the laboratory is told of an item; `told` is a rule beyond those of reading."""
    return Entry(
        ordinal=item.ordinal,
        place=item.place,
        outcome=outcome,
        result_id=stored,
        rules=item.breaches if told is None else (*item.breaches, told),
    )
