"""The schedule that publishes clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.resources import items, objects
from tests.functions.venues.world import World, visit
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence


class TwoPlaces(Scenario):
    """Clusters at two places, of which none were published before."""

    def __init__(self) -> None:
        self._world = World()
        self._shards = ""

    def prepare(self) -> list[str]:
        posters = [self._world.poster() for _ in range(2)]
        for person, poster in zip("AB", posters, strict=True):
            self._world.report(person, visit(poster))
        self._world.record()
        # Most shards have nothing, and all are read alike.
        self._shards = "".join(sorted({item["shard"]["S"] for item in items("exposures")}))
        Metrics(namespace="test", service="test").clear_metrics()
        return ["{}"]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with mock.patch("cluster_publication.exposure_reader.SHARDS", self._shards):
            try:
                for _ in bodies:
                    self._world.publication()
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        # Iterations that were begun and not finished leave a gap, and files for an hour.
        index = self._world.published_index()
        kept = f"clusters/{index['i']}/"
        return {
            "prefixes": index["c"],
            "files": {
                name.removeprefix(kept): content
                for name, content in objects("clusters").items()
                if name.startswith(kept)
            },
            "exposures": [item for item in items("exposures") if item["shard"]["S"] not in _OTHER],
        }


_OTHER = {"publication"}
