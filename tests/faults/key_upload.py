"""A phone uploads its keys."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.key_upload.world import World, said, sent_key, upload
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Sequence


class Upload(Scenario):
    """An upload of keys, one of them too old, asked for again until there is an answer."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        return [json.dumps(self._upload())]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        self._world.new_instance()
        back = []
        for body in bodies:
            try:
                answer = self._world.post(body)
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                # What the token says is sealed anew for each answer.
                self._answers.add(json.dumps(said(answer) | {"revisionToken": None}))
        return back

    def _upload(self) -> dict[str, object]:
        return upload(self._world.code(), sent_key(1), sent_key(2), sent_key(40))

    def everything(self) -> dict[str, object]:
        return {"stored": self._world.stored(), "answers": set(self._answers)}


class KnownBefore(Upload):
    """The same after one of its keys was uploaded with another code."""

    def _upload(self) -> dict[str, object]:
        earlier = self._world.publish(upload(self._world.code("B" * 22), sent_key(1)))
        return super()._upload() | {"revisionToken": earlier["revisionToken"]}


class Certified(Upload):
    """The same by a certificate of a health authority, which is good for more than one upload."""

    def _upload(self) -> dict[str, object]:
        return self._world.certified(Diagnosis.LIKELY, sent_key(1), sent_key(2), sent_key(40))


class Revision(Upload):
    """A later upload that confirms one key of an earlier one and has another key besides."""

    def _upload(self) -> dict[str, object]:
        earlier = self._world.publish(self._world.certified(Diagnosis.LIKELY, sent_key(1)))
        return self._world.certified(
            Diagnosis.CONFIRMED,
            sent_key(1),
            sent_key(2),
            revisionToken=earlier["revisionToken"],
        )
