"""A venue manager asks for a poster."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.venues.poster_world import PosterWorld

if TYPE_CHECKING:
    from collections.abc import Sequence


class Poster(Scenario):
    """A poster, asked for again until there is one."""

    def __init__(self) -> None:
        self._world = PosterWorld()
        self._statuses: set[int] = set()

    def prepare(self) -> list[str]:
        return [json.dumps({"venueType": 1})]

    def begin(self) -> None:
        self._statuses.clear()

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
            else:
                self._statuses.add(answer["statusCode"])
        return back

    def everything(self) -> dict[str, object]:
        return {"statuses": set(self._statuses)}
