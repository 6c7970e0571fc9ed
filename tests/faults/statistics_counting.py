"""Results that are counted, counted again, moved to another person, and counted out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.statistics_counting.world import NOW, World, event_about, linked
from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE: dict[str, dict[str, Any]] = {
    "moved": {"outcome": Outcome.DETECTED},
    "withdrawn": {},
}
_AFTER: dict[str, dict[str, Any]] = {
    "moved": {"version": 2, "person": "p1.another", "outcome": Outcome.DETECTED},
    "withdrawn": {"version": 2, "status": Status.WITHDRAWN},
    "new": {"department": "75", "age": 40},
}


class Changes(Scenario):
    """A new result, one of another person after all, and one that is withdrawn."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        for name, values in _BEFORE.items():
            self._world.store(name, **values)
        if self._world.deliver(*_BEFORE):
            raise AssertionError("what was before was not counted")
        for name, values in _AFTER.items():
            self._world.store(name, **values)
        return [event_about(name) for name in _AFTER]

    def begin(self) -> None:
        self._world.now = NOW

    def later(self) -> None:
        # Whoever died on a batch is known not to be at work on it any more.
        self._world.now += timedelta(minutes=6)

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return [bodies[int(place)] for place in self._world.deliver_bodies(*bodies)]

    def everything(self) -> dict[str, object]:
        # Batches are named by chance, and how often an account was written depends on the order.
        left_out = {"layers", "revision", "expires_at"}
        accounts = self._world.accounts().values()
        return {
            "counts": self._world.counts(),
            "changed": {entry.partition("#")[2] for entry in self._world.changed()},
            "counted": {account.key: account.model_dump(exclude=left_out) for account in accounts},
            "uncounted": self._world.uncounted(),
            "dead": messages("dead"),
        }


class Linked(Changes):
    """A pseudonym that is not one person's any more, but another's."""

    def prepare(self) -> list[str]:
        for number, person in enumerate("abc"):
            self._world.store(person, person=f"p1.{person}", outcome=Outcome.DETECTED, age=number)
        self._world.deliver(*"abc")
        self._world.deliver_bodies(linked(1, "p1.b", "p1.c"))
        return [linked(2, "p1.a", "p1.b"), linked(2, "p1.c")]
