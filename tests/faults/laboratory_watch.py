"""The schedule that has laboratories watched, and what becomes of each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.faults.account import messages, taken
from tests.faults.scenario import Scenario
from tests.functions.laboratories import register
from tests.functions.laboratory_watch.world import NOW, OTHER, World
from tests.functions.resources import items, sqs_event
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = '{"time": "2026-12-07T11:00:00Z"}'


class TwoLaboratories(Scenario):
    """One that fell silent and one that sends mostly rejects."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        for days in range(20, 5, -1):
            self._world.sent(NOW - timedelta(days=days))
        self._world.watch(NOW - timedelta(days=5))
        register(OTHER)
        self._world.sent(NOW - timedelta(hours=30), laboratory=OTHER)
        self._world.sent(NOW - timedelta(hours=1), laboratory=OTHER, rejected=30)
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        door = self._world.door()
        back = []
        for _ in range(bodies.count(_TICK)):
            try:
                door({"time": NOW.isoformat()}, None)
            except Unavailable:
                back.append(_TICK)
        watched = [body for body in bodies if body != _TICK]
        answer = door(sqs_event(watched), None) if watched else None
        failed = answer["batchItemFailures"] if answer else []
        return back + [watched[int(str(failure["itemIdentifier"]))] for failure in failed]

    def waiting(self) -> list[str]:
        return taken("watch")

    def everything(self) -> dict[str, object]:
        kept = sorted(items("watch-records"), key=str)
        # A message that may have got lost is sent again, word for word.
        return {"kept": kept, "told": set(messages("alarms-seen")), "dead": messages("dead")}
