"""The schedule that publishes revocations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from unittest import mock

from tests.faults.scenario import Scenario
from tests.functions.resources import items, objects
from tests.functions.revocation.world import NOW, World, certificate
from vigie.cms.signed_data import verify
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.certificates.stored_certificate import StoredCertificate

_TICK = "{}"
# Most shards would have nothing; calls are in order.
_FEW = (
    mock.patch("revocation_publication.publication_store._SHARDS", "a"),
    mock.patch("revocation_publication.slice_building._PARALLEL", 1),
    mock.patch("vigie.revocation.revocation_bucket._PARALLEL", 1),
)


class Publish(Scenario):
    """A pending revocation, a batch that has ended, and a slice that nothing names."""

    def __init__(self) -> None:
        # Only what has versions is put back after it was replaced.
        self._world = World(versioned=True)

    def prepare(self) -> list[str]:
        world = self._world
        world.now = NOW - timedelta(days=60)
        self._record(certificate(1, days=-50))
        world.publish()
        world.now = NOW - timedelta(days=2)
        self._record(certificate(2))
        world.publish()
        world.now = NOW
        self._record(certificate(3))
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with _FEW[0], _FEW[1], _FEW[2]:
            try:
                for _ in bodies:
                    self._world.publish()
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        kept = {
            # A signature is another one each time.
            key: verify(content).content if key.endswith(".cms") else content
            for key, content in objects("revocation").items()
        }
        return {"bucket": kept, "revocations": items("revocations")}

    def _record(self, *certificates: StoredCertificate) -> None:
        # In the shard that is looked at.
        shown = [
            one.model_copy(update={"signature_hash": "a" + one.signature_hash[1:]})
            for one in certificates
        ]
        self._world.record(self._world.revoke(*shown))
