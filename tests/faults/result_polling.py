"""An app polls for a result that is there."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.result_polling.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

POLLING_TOKEN = "61eefd4b-e903-4294-b595-b1d491134e3d"


class Fetch(Scenario):
    """The app asks until there is an answer."""

    def __init__(self) -> None:
        self._world = World()
        self._answered: set[str] = set()

    def prepare(self) -> list[str]:
        order = self._world.fixed_order("00000012", POLLING_TOKEN)
        self._world.tell(self._world.result(order))
        return [POLLING_TOKEN]

    def begin(self) -> None:
        self._answered.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for token in bodies:
            try:
                answer = self._world.poll_alone(token)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(token)
            else:
                self._answered.add(str(answer["statusCode"]))
        return back

    def everything(self) -> dict[str, object]:
        return {"orders": items("orders"), "answered": set(self._answered)}
