"""A person opens a link."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.result_access.world import NAMED, World
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


class OpenLink(Scenario):
    """Someone with a certificate and a recovery to come asks until there is an answer.

    Asking again with a wrong birth date is another try, and counted as one.
    """

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        self._world.result()
        self._world.result(result_id="positive", outcome=Outcome.DETECTED)
        self._world.certificate("test")
        self._world.reminder("2026-12-03", "positive")
        self._world.grant()
        return [NAMED.birth_date]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for body in bodies:
            try:
                answer = self._world.attempt_alone(body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(answer["body"])
        return back

    def everything(self) -> dict[str, object]:
        return {"grants": items("grants"), "answers": set(self._answers)}
