"""Messages of the revocations queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.resources import items
from tests.functions.revocation.world import World, certificate

if TYPE_CHECKING:
    from collections.abc import Sequence


class Revoked(Scenario):
    """Two revoked certificates, and one that is gone."""

    def __init__(self) -> None:
        self._world = World(signer=False)

    def prepare(self) -> list[str]:
        told = self._world.revoke(certificate(1), certificate(2))
        return [*told, told[0].replace("test#1", "test#9")]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return self._world.record(list(bodies))

    def everything(self) -> dict[str, object]:
        return {
            "revocations": items("revocations"),
            "certificates": items("certificates"),
            "dead": messages("dead"),
        }
