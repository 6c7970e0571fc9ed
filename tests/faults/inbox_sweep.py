"""The schedule that answers for files which nobody will finish."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.account import objects
from tests.faults.scenario import Scenario
from tests.functions.inbox_sweep.test_sweep import OPEN_MINUTES, World
from tests.functions.resources import items
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"
_EVERY_MINUTES = 15


class Sweep(Scenario):
    """A file with a part missing, and one whose join died."""

    def __init__(self) -> None:
        self._world = World()
        self._minutes = 0

    def prepare(self) -> list[str]:
        with mock.patch("vigie.inbox.file_record.SHARDS", 2):
            self._world.received()
            self._world.received(key="750000001/b.csv", done=(1, 2, 3))
        return [_TICK]

    def begin(self) -> None:
        self._minutes = OPEN_MINUTES + 1

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with mock.patch("vigie.inbox.file_store.SHARDS", 2):
            try:
                for _ in bodies:
                    self._world.sweep(self._minutes)
            except Unavailable:
                return list(bodies)
        return []

    def later(self) -> None:
        self._minutes += _EVERY_MINUTES

    def everything(self) -> dict[str, object]:
        return {"files": items("files"), "outbox": objects("outbox")}
