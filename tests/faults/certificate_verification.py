"""A verifier has a certificate verified."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.certificate_verification.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence


class OneCertificate(Scenario):
    """The answer, and nothing else anywhere."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        self._world.publish()
        return [json.dumps({"certificate": self._world.text, "country": "FR"})]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        self._world.start()
        for body in bodies:
            try:
                status, told = self._world.ask(body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(json.dumps(told))
        return back

    def everything(self) -> dict[str, object]:
        return {"answers": set(self._answers)}
