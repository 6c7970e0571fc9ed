"""A code that a person got for themselves becomes a token, and the token a certificate."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.verification_codes.world import MAC, World, said

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verify(Scenario):
    """A code, sent again until there is an answer."""

    path = "verify"

    def __init__(self) -> None:
        self._world = World()
        # A try that a crash interrupts stays counted.
        self._world.settings = self._world.settings.model_copy(update={"wrong_tries_an_hour": 1000})
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        return [json.dumps(self._request())]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.new_instance()
        back = []
        for body in bodies:
            try:
                answer = self._world.post(self.path, body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(self._told(said(answer)))
        return back

    def _request(self) -> dict[str, object]:
        bearer = f"Bearer {self._world.upload_code()}"
        code = self._world.said("issue", {}, authorization=bearer)["code"]
        return {"code": code, "padding": "AAAA"}

    def _told(self, answer: dict[str, object]) -> str:
        return json.dumps(answer)

    def everything(self) -> dict[str, object]:
        stored = [item for table in ("codes", "used-codes") for item in items(table)]
        return {"stored": stored, "answers": set(self._answers)}


class Certify(Verify):
    """A token, sent again until there is a certificate, whose signature is another each time."""

    path = "certificate"

    def _request(self) -> dict[str, object]:
        token = self._world.said("verify", super()._request())["token"]
        return {"token": token, "ekeyhmac": MAC}

    def _told(self, answer: dict[str, object]) -> str:
        claims = str(answer["certificate"]).split(".")[1]
        return base64.urlsafe_b64decode(claims + "==").decode()
