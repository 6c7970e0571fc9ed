"""Events that are archived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.event_archive.test_archiving import NOON, World, event

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOMORROW = NOON + timedelta(days=1)


class TwoDays(Scenario):
    """Events of two days, and something that is none."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        return [event(1), "no event", event(2, _TOMORROW), event(3)]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return [bodies[int(place)] for place in self._world.run(*bodies)]

    def everything(self) -> dict[str, object]:
        # Another batch is another object: who reads the archive takes an event once.
        days = (NOON.date(), _TOMORROW.date())
        return {
            "archive": {day: {kept.body for kept in self._world.kept(day)} for day in days},
            "dead": set(messages("dead")),
        }
