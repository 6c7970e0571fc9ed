"""The schedule of the mass reissue."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.certificate_reissue.world import World, certificate, put
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"


class Minute(Scenario):
    """A minute of a job, in two segments with more certificates than a message holds."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        put(*(certificate(f"r{number:02}") for number in range(30)))
        self._world.start()
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        try:
            for _ in bodies:
                self._world.tick(context, segments=2)
        except Unavailable:
            return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        # Asked for twice, a certificate is signed once.
        asked = {record for body in messages("reissue") for record in json.loads(body)["records"]}
        return {"asked": asked, "job": self._world.job}
