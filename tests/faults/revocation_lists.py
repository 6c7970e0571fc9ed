"""A device and another country ask what is revoked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from unittest import mock

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.revocation.world import World, certificate

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKED = ["/revocation-list", "/lists", "/lists/yLHLNvSl428=/partitions/null/chunks/a/slices"]


class Ask(Scenario):
    """The list of batches, that of signers, and a slice."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        one = certificate(1).model_copy(update={"signature_hash": "a" * 32})
        self._world.record(self._world.revoke(one))
        self._world.publish()
        return _ASKED

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for path in bodies:
            try:
                with mock.patch("revocation_lists.slice_archives._PARALLEL", 1):
                    answer = self._world.ask(path)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(path)
            else:
                self._answers.add(answer["body"])
        return back

    def everything(self) -> dict[str, object]:
        return {"answers": set(self._answers)}
