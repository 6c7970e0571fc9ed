"""The schedule that deletes keys."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.scenario import Scenario
from tests.functions.key_deletion.test_deletion import OVER, RELEASED, put, run
from tests.functions.resources import create_table, items
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"
# Most shards would have nothing.
_ONE_SHARD = mock.patch("vigie.tracing.release.SHARDS", 1)


class Expired(Scenario):
    """Two keys whose days are over, and one that stays."""

    def __init__(self) -> None:
        create_table("keys", "shard", "key")

    def prepare(self) -> list[str]:
        with _ONE_SHARD:
            for number, hour in enumerate((RELEASED, RELEASED, OVER)):
                put(number, hour)
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with _ONE_SHARD, mock.patch("key_deletion.deletion._PARALLEL", 1):
            try:
                for _ in bodies:
                    run(OVER)
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        return {"keys": items("keys")}
