"""A phone asks for a challenge, and registers a key."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.attestation.devices import IPhone
from tests.functions.attestation.world import CHALLENGE, KEYS, World
from tests.functions.resources import items
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence


class Register(Scenario):
    """Both requests, each asked again until there is an answer."""

    def __init__(self) -> None:
        self._world = World()
        self._phone = IPhone(self._world.apple)
        self._answers: set[tuple[str, int]] = set()

    def prepare(self) -> list[str]:
        challenge = self._world.challenge()
        registration = {
            "keyId": self._phone.key_id,
            "challenge": challenge,
            "attestation": self._phone.attestation(decoded(challenge) or b""),
        }
        return [json.dumps(request) for request in ([CHALLENGE, None], [KEYS, registration])]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.start()
        back = []
        for request in bodies:
            path, body = json.loads(request)
            try:
                status = self._world.ask(path, body)["statusCode"]
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(request)
            else:
                self._answers.add((path, status))
        return back

    def everything(self) -> dict[str, object]:
        kept = [item["counter"] for item in items("device-keys")]
        return {"kept": kept, "answers": set(self._answers)}
