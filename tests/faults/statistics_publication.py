"""Numbers that are published after a run that began with others and died."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from statistics_publication import count_reader, file_making
from tests.faults.scenario import Scenario
from tests.functions.resources import items, objects
from tests.functions.statistics_publication.world import World
from vigie import aws
from vigie.errors import Unavailable
from vigie.statistics import cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


_BEGUN = "data/covid-19/2026-11-24/v1/datapackage.json"


class OtherNumbers(Scenario):
    """A version that was begun stays as it is, and another one comes beside it.

    A day has one shard, and the country only has tables: the others take as many calls, which all
    do the same. Parquet takes none, and is left out.
    """

    def __init__(self) -> None:
        self._world = World("fra")

    def prepare(self) -> list[str]:
        with _one_shard():
            self._world.count(5)
            self._world.positive(5)
        aws.s3().put_object(Bucket="open-data", Key=_BEGUN, Body=b"{}")
        return ["schedule"]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        try:
            with _one_shard():
                self._world.publish()
        except Unavailable:
            return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        counts = [item for item in items("counts") if item["list"]["S"].startswith("days#")]
        return {
            "files": objects("open-data"),
            "days": sorted(counts, key=lambda item: str(item["entry"])),
        }


@contextmanager
def _one_shard() -> Iterator[None]:
    with (
        mock.patch.object(cell, "SHARDS", 1),
        mock.patch.object(count_reader, "SHARDS", 1),
        mock.patch.object(file_making, "write_parquet", _copied),
    ):
        yield


def _copied(_: object, source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())
