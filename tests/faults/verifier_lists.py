"""A verifier application asks for the trust list."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.verifier_lists.world import STATUS, UPDATE, World, trusted

if TYPE_CHECKING:
    from collections.abc import Sequence


class TwoSigners(Scenario):
    """The kids, and the first certificate."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        self._world.publish(trusted("FR", b"certificate 1"), trusted("FI", b"certificate 2"))
        return [STATUS, UPDATE]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        self._world.start()
        for path in bodies:
            try:
                answer = self._world.ask("GET", path)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(path)
            else:
                self._answers.add(answer.text)
        return back

    def everything(self) -> dict[str, object]:
        return {"answers": set(self._answers)}
