"""What the doors of all HTTP functions do alike."""

from __future__ import annotations

import json
import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie.errors import Unavailable
from vigie.http.door import http_door, telling
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.logging import Logger
    from aws_lambda_powertools.metrics import Metrics

EVENT: dict[str, Any] = {"path": "/greeting"}


class Settings(Frozen):
    """Of a function that greets.

    Attributes:
        greeting: what it says.
    """

    greeting: str


class LogCode(StrEnum):
    """Of a function that greets."""

    GREETED = "greeted"


class Greeting:
    """Builds the function, and counts how often."""

    def __init__(self) -> None:
        self.built = 0

    def __call__(
        self, settings: Settings, *, logger: Logger, metrics: Metrics
    ) -> Callable[[dict[str, Any]], dict[str, Any]]:
        self.built += 1
        tell = telling(logger, metrics)

        def greet(event: dict[str, Any]) -> dict[str, Any]:
            if event != EVENT:
                raise ValueError(event["path"])
            tell(LogCode.GREETED)
            return {"body": settings.greeting}

        return greet


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    # Powertools keeps one logger, with its stream, for each service.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", str(uuid.uuid4()))
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Vigie")


def test_a_door_builds_once_and_not_before_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    greeting = Greeting()
    handler = http_door(Settings, greeting)
    assert greeting.built == 0
    monkeypatch.setenv("GREETING", "bonjour")
    assert [handler(EVENT, LambdaContext()) for _ in range(2)] == [{"body": "bonjour"}] * 2
    assert greeting.built == 1
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    # Each request is counted on its own, with what was told of it.
    assert [(one["requests"], one["greeted"]) for one in counted] == [([1.0], [1.0])] * 2


def test_an_error_leaves_a_door_counted_and_without_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GREETING", "bonjour")
    handler = http_door(Settings, Greeting())
    with pytest.raises(Unavailable, match="unforeseen:ValueError"):
        handler({"path": "canari"}, LambdaContext())
    written = capsys.readouterr()
    assert '"requests":[1.0]' in written.out
    assert "canari" not in written.out + written.err
