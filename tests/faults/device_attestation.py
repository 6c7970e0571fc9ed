"""Requests of two devices come to the guard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.attestation.devices import IPhone, attested
from tests.functions.attestation.world import BODY, World
from tests.functions.resources import items
from vigie.errors import Unavailable
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence


class TwoDevices(Scenario):
    """A token of Play Integrity, an assertion of App Attest, and a request with neither."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: dict[str, bool] = {}

    def prepare(self) -> list[str]:
        phone, challenge = IPhone(self._world.apple), self._world.challenge()
        attestation = phone.attestation(decoded(challenge) or b"")
        self._world.register(phone, challenge, attestation)
        requests = self._world.android.headers(BODY), phone.headers(BODY), attested("", BODY)
        return [json.dumps(headers) for headers in requests]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.start()
        back = []
        for headers in bodies:
            try:
                self._answers[headers] = self._world.authorise(json.loads(headers))["isAuthorized"]
            except Unavailable:
                back.append(headers)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
        return back

    def everything(self) -> dict[str, object]:
        kept = [item["counter"] for item in items("device-keys")]
        return {"kept": kept, "answers": sorted(self._answers.values())}
