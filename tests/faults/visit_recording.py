"""Messages of the visits queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.venues.world import World, visit

if TYPE_CHECKING:
    from collections.abc import Sequence


class TwoVisits(Scenario):
    """Two people at one place."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        poster = self._world.poster()
        for person in "AB":
            self._world.report(person, visit(poster))
        return self._world.sent()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.new_instances()
        try:
            return self._world.record(bodies)
        finally:
            Metrics(namespace="test", service="test").clear_metrics()

    def everything(self) -> dict[str, object]:
        return {
            "exposures": items("exposures"),
            "counted": items("counted-visits"),
            "dead": messages("dead"),
        }
