"""Messages of the queue of 2D-DOC."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items, objects
from tests.functions.result_access.world import RESULT_ID, VACCINATION_ID
from tests.functions.twoddoc.world import BUCKET, World, changed
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


class Corrected(Scenario):
    """A result and a vaccination with documents are corrected, and a result that has none."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        self._world.result()
        self._world.access.vaccination()
        for source_id in (RESULT_ID, VACCINATION_ID):
            assert self._world.ask(source_id=source_id)["statusCode"] == HTTPStatus.OK
        told = changed(self._world.access.result(version=2, outcome=Outcome.DETECTED))
        dose = changed(self._world.access.vaccination(version=2, number=1))
        return [told, dose, told.replace("750000001-abc", "750000001-other")]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return self._world.revoke(list(bodies))

    def everything(self) -> dict[str, object]:
        kept = [
            {name: value for name, value in item.items() if name != "text"}
            for item in items("twoddoc")
        ]
        return {"codes": kept, "list": objects(BUCKET), "dead": messages("dead")}
