"""A request that comes through CloudFront."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest import mock

from aws_lambda_powertools.utilities.typing import LambdaContext

from origin_check import handler as door
from tests.faults.scenario import Scenario
from vigie import aws
from vigie.errors import Unavailable
from vigie.http.origin_secret import HEADER

if TYPE_CHECKING:
    from collections.abc import Sequence


class Authorise(Scenario):
    """One that knows the secret, and one that knows the secret before it."""

    def __init__(self) -> None:
        secrets = aws.secretsmanager()
        self._arn = secrets.create_secret(Name="origin", SecretString="previous")["ARN"]
        secrets.put_secret_value(SecretId=self._arn, SecretString="current")
        self._answers: set[tuple[str, bool]] = set()

    def prepare(self) -> list[str]:
        return [
            json.dumps({"headers": {HEADER: value}})
            for value in ("current", "previous", "stranger")
        ]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        door._secret.cache_clear()
        with mock.patch.dict("os.environ", {"ORIGIN_SECRET_ARNS": self._arn}):
            for body in bodies:
                try:
                    answer = door.handler(json.loads(body), LambdaContext())
                except Unavailable:
                    back.append(body)
                else:
                    self._answers.add((body, answer["isAuthorized"]))
        return back

    def everything(self) -> dict[str, object]:
        return {"answers": set(self._answers)}
