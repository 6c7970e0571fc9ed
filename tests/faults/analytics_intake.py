"""A phone reports an answer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.analytics_intake.world import World, report

if TYPE_CHECKING:
    from collections.abc import Sequence


class Report(Scenario):
    """A report, sent again until there is an answer."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        return [json.dumps(report())]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.new_instance()
        back = []
        for body in bodies:
            try:
                answer = self._world.post(body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
        return back

    def everything(self) -> dict[str, object]:
        return {"counted": self._world.counted()}
