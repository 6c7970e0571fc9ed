"""A person asks for the 2D-DOC of a result and of a vaccination."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.result_access.world import RESULT_ID, VACCINATION_ID
from tests.functions.twoddoc.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ask(Scenario):
    """Someone asks until there is an answer, which is what is stored."""

    def __init__(self) -> None:
        self._world = World()
        self._answered: set[str] = set()

    def prepare(self) -> list[str]:
        self._world.result()
        self._world.access.vaccination()
        return [RESULT_ID, VACCINATION_ID]

    def begin(self) -> None:
        self._answered.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for body in bodies:
            try:
                answer = self._world.ask(source_id=body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                # Each account has a signature of its own.
                self._answered.add(answer["body"].partition("\x1f")[0])
        return back

    def everything(self) -> dict[str, object]:
        kept = [
            {name: value for name, value in item.items() if name != "text"}
            for item in items("twoddoc")
        ]
        return {"codes": kept, "grants": items("grants"), "answers": set(self._answered)}
