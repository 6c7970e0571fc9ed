"""Several writers at once: those of one result wait for each other."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, cast

import pytest

from result_intake.item_recorder import ItemRecorder
from result_intake.result_store import Recorded
from result_intake.versioning import Answer, Decision
from tests.functions.laboratories import laboratory
from tests.unit.result_intake.test_versioning import a_result
from vigie.acknowledgement import EntryOutcome
from vigie.errors import Unavailable
from vigie.inbox import InboxFile
from vigie.results.reading import Item
from vigie.results.test_result import LocalId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.results.test_result import TestResult

FILE = InboxFile(
    bucket="inbox", key="750000001/a", size=1, received_at=datetime(2026, 11, 21, tzinfo=UTC)
)


class Store:
    """Takes the first report only when a report of another result is being written."""

    def __init__(self) -> None:
        self._lock, self._other = Lock(), Event()
        self._busy: set[str] = set()
        self.collided = False
        self.sources: list[str] = []

    def record(self, result: TestResult, *, source: str, **_: object) -> Recorded:
        """Note who is here; the writes of a result must not meet."""
        name = result.local_id.accession
        with self._lock:
            self.collided |= name in self._busy
            self._busy.add(name)
            self.sources.append(source)
        if name == "X":
            self._other.wait(timeout=10)
        else:
            self._other.set()
        with self._lock:
            self._busy.discard(name)
        decision = Decision(Answer.ACCEPTED, 1, writes=True, answers=())
        return Recorded(decision, name, None, "0" * 64)


class Publisher:
    """Takes every event."""

    def publish(self, events: Iterable[object]) -> None:
        """Take them."""
        list(events)


def an_item(ordinal: str, accession: str) -> Item:
    named = {"local_id": LocalId(accession=accession, loinc="94500-6")}
    return Item(ordinal=ordinal, place="x", result=a_result().model_copy(update=named))


def recorder(store: object, writers: int) -> ItemRecorder:
    return ItemRecorder(cast("Any", store), cast("Any", Publisher()), writers=writers)


def test_reports_of_one_result_are_written_one_after_the_other_and_others_meanwhile() -> None:
    store = Store()
    items = [an_item("1", "X"), an_item("2", "X"), an_item("3", "Y")]
    fragment = recorder(store, writers=4).record(items, FILE, laboratory("750000001"))
    assert not store.collided
    assert store.sources.index(f"{FILE.file_id}:1") < store.sources.index(f"{FILE.file_id}:2")
    assert fragment.counts == {EntryOutcome.ACCEPTED: 3}


def test_a_writer_that_fails_fails_the_file() -> None:
    class Broken:
        def record(self, *_: object, **__: object) -> None:
            raise Unavailable("results-table:Throttled")

    with pytest.raises(Unavailable):
        recorder(Broken(), writers=2).record([an_item("1", "X")], FILE, laboratory("750000001"))
