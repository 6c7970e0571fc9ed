"""The schedule that offers keys to other countries."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.scenario import Scenario
from tests.functions.federation.gateway_double import kept_served
from tests.functions.federation.world import RELEASED, World
from vigie.errors import Unavailable
from vigie.tracing.release import HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"
# Most shards would have nothing.
_ONE_SHARD = mock.patch("vigie.tracing.release.SHARDS", 1)


class Offer(Scenario):
    """Two batches of an hour, one with a key that the gateway has from before."""

    def __init__(self) -> None:
        self._world = World(kept_served())

    def prepare(self) -> list[str]:
        with _ONE_SHARD:
            self._world.efgs = self._world.efgs.model_copy(update={"most_keys": 2})
            self._world.register(self._world.efgs)
            self._world.begin_offering(RELEASED + HOUR)
            self._world.release([1, 2, 3], hour=RELEASED + HOUR)
        return [_TICK]

    def begin(self) -> None:
        self._world.double.taken.clear()
        self._world.double.had = {(2).to_bytes(16, "big")}

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with _ONE_SHARD:
            try:
                for _ in bodies:
                    self._world.upload()
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        return {
            "tables": self._world.stored(),
            "taken": dict(sorted(self._world.double.taken.items())),
        }
