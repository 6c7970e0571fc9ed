"""A person who tested themselves asks for a code, again until there is an answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario, SendUnknown
from tests.functions.resources import items
from tests.functions.self_reports.world import World, asked, event

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY = "2026-11-24"
# How often it was tried, and what is drawn.
_OF_A_TRY = {"jti", "requests", "sendings"}


class Ask(Scenario):
    """One request.

    A crash after the provider said yes and before the end is written cannot be told from a
    crash before the provider was asked.
    """

    send_unknown = frozenset(
        {
            SendUnknown(4, "Publish", takes_effect=True),
            SendUnknown(5, "UpdateItem", takes_effect=False),
        }
    )

    def __init__(self) -> None:
        self._world = World()
        self._answered: set[str] = set()

    def prepare(self) -> list[str]:
        return ["request"]

    def begin(self) -> None:
        self._answered.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for body in bodies:
            try:
                answer = self._world.new_api()(event(asked(1, _DAY)))
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answered.add(str(answer["statusCode"]))
        return back

    def everything(self) -> dict[str, object]:
        return {
            "numbers": [
                {name: value for name, value in item.items() if name not in _OF_A_TRY}
                for item in sorted(items("report-phones"), key=lambda item: str(item["id"]["S"]))
            ],
            "answered": set(self._answered),
            # The code is signed anew.
            "sent": [number for number, _ in self._world.sms()],
        }
