"""The schedule that exports keys."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.scenario import Scenario
from tests.functions.key_export import scenario
from tests.functions.key_export.world import World
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"
# Most shards would have nothing.
_ONE_SHARD = mock.patch("vigie.tracing.release.SHARDS", 1)


class Export(Scenario):
    """Batches with and without keys, and an old one to delete."""

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        with _ONE_SHARD:
            scenario.prepare(self._world)
        return [_TICK]

    def begin(self) -> None:
        self._world.seeds.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with _ONE_SHARD:
            try:
                for _ in bodies:
                    self._world.run(scenario.NOW)
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        left = self._world.left()
        if left.numbers() != list(range(scenario.KEYS)):
            raise AssertionError("a key is missing or there twice")
        return left._asdict()
