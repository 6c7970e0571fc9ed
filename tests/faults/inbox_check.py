"""The schedule that looks for files without a record, and what it hands out to itself."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from inbox_check.handler import build
from tests.faults.account import messages, taken
from tests.faults.scenario import Scenario
from tests.functions.inbox_check.test_check import OTHER, RETRIES, World
from tests.functions.resources import sqs_event
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"


class LostFiles(Scenario):
    """Two laboratories, one with a file that the intake was never told of."""

    def __init__(self) -> None:
        self._world = World()
        self._logger = Logger(service=str(uuid.uuid4()), stream=io.StringIO())
        self._now = datetime.now(UTC) + RETRIES + timedelta(minutes=1)

    def prepare(self) -> list[str]:
        self._world.stored()
        self._world.recorded(OTHER)
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        door = build(self._world.settings, logger=self._logger, now=lambda: self._now)
        back = []
        for _ in range(bodies.count(_TICK)):
            try:
                door({}, None)
            except Unavailable:
                back.append(_TICK)
        checks = [body for body in bodies if body != _TICK]
        answer = door(sqs_event(checks), None) if checks else None
        failed = answer["batchItemFailures"] if answer else []
        return back + [checks[int(str(failure["itemIdentifier"]))] for failure in failed]

    def waiting(self) -> list[str]:
        return taken("check")

    def everything(self) -> dict[str, object]:
        # A file that the intake is told of twice is read once.
        return {"told": set(messages("intake")), "dead": messages("dead")}
