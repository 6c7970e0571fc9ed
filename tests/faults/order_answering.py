"""Messages of the queue of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.result_polling.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence


class Moved(Scenario):
    """A result is told of, and by its correction answers another order."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        order = self._world.fixed_order("00000012", "first")
        other = self._world.fixed_order("v000000f", "second")
        first = self._world.result(order)
        return [first, self._world.result(other, version=2, earlier=[order])]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return self._world.tell(*bodies)

    def everything(self) -> dict[str, object]:
        return {"orders": items("orders"), "dead": messages("dead")}
