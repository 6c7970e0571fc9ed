"""The schedule that takes over keys from abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.scenario import Scenario
from tests.functions.federation.authority import country
from tests.functions.federation.gateway_double import Given, Upload, kept_served
from tests.functions.federation.world import NOW, World, key_of
from vigie import aws
from vigie.errors import Unavailable
from vigie.federation.federation_store import DownloadCursor, FederationStore

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = "{}"
# Most shards would have nothing.
_ONE_SHARD = mock.patch("vigie.tracing.release.SHARDS", 1)


class TakeOver(Scenario):
    """A key, one that nobody signed, and the key taken back in another batch."""

    def __init__(self) -> None:
        self._world = World(kept_served())

    def prepare(self) -> list[str]:
        first = Upload.of(country("DE"), "DE", [key_of(1)])
        back = Upload.of(country("DE"), "DE", [key_of(1, report_type=5)])
        forged = Upload.of(country("IT"), "DE", [key_of(3)])
        day = NOW.date()
        # The days before have nothing.
        store = FederationStore(aws.dynamodb(), "federation")
        store.move_download("efgs", DownloadCursor(day=day))
        self._world.double.batches = [Given(day, "1", [first, forged]), Given(day, "2", [back])]
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with _ONE_SHARD:
            try:
                for _ in bodies:
                    self._world.download()
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        # What was stored before a crash is known after it.
        told = [
            record.model_copy(update={"taken": record.taken + record.known, "known": 0})
            for record in self._world.records()
        ]
        records = [record.model_dump(exclude={"taken", "revised"}) for record in told]
        counts = [record.taken + record.revised for record in told]
        return {"keys": self._world.stored()["keys"], "records": records, "counts": counts}
