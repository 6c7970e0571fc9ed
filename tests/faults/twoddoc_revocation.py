"""Messages of the queue of 2D-DOC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items, objects
from tests.functions.twoddoc.world import BUCKET, World, changed
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


class Corrected(Scenario):
    """A result with a document is corrected, and another one that has none."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        self._world.result()
        self._world.document()
        told = changed(self._world.access.result(version=2, outcome=Outcome.DETECTED))
        return [told, told.replace("750000001-abc", "750000001-other")]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return self._world.revoke(list(bodies))

    def everything(self) -> dict[str, object]:
        kept = [
            {name: value for name, value in item.items() if name != "text"}
            for item in items("twoddoc")
        ]
        return {"codes": kept, "list": objects(BUCKET), "dead": messages("dead")}
