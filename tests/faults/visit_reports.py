"""A phone reports where its person was."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.venues.world import World, report, said, visit

if TYPE_CHECKING:
    from collections.abc import Sequence


class Report(Scenario):
    """Two visits, asked for again until there is an answer."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        posters = [self._world.poster() for _ in range(2)]
        return [json.dumps(report(self._world.code(), *map(visit, posters)))]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.new_instances()
        back = []
        for body in bodies:
            try:
                answer = self._world.post(body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(json.dumps(said(answer)))
        return back

    def everything(self) -> dict[str, object]:
        # One that comes twice is counted once.
        visits = set(messages("visits"))
        return {
            "reports": items("visit-reports"),
            "visits": visits,
            "answers": set(self._answers),
        }
