"""A person asks for a certificate as an image, or as a pass for a wallet."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.certificate_documents.wallet_world import WalletWorld
from tests.functions.certificate_documents.world import DocumentWorld
from tests.functions.resources import items
from tests.functions.result_access.world import NAMED

if TYPE_CHECKING:
    from collections.abc import Sequence


class Draw(Scenario):
    """Someone with a certificate asks until there is an answer."""

    media_type = "image/png"

    def __init__(self) -> None:
        self._world = self.world()
        self._answers: set[str] = set()

    def world(self) -> DocumentWorld:
        """The environment."""
        return DocumentWorld()

    def prepare(self) -> list[str]:
        self._world.result()
        self._world.certificate("test")
        self._world.grant()
        return [NAMED.birth_date]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        for body in bodies:
            try:
                answer = self._world.draw(self.media_type, birth_date=body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(answer["body"])
        return back

    def everything(self) -> dict[str, object]:
        return {"grants": items("grants"), "answers": set(self._answers)}


class AddToWallet(Draw):
    """The same, for a pass that KMS signs."""

    media_type = "application/vnd.apple.pkpass"

    def world(self) -> DocumentWorld:
        world = WalletWorld()
        world.install()
        return world
