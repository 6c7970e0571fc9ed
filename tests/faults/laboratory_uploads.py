"""A laboratory opens an upload, follows it, and looks at its history."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import Metrics

from tests.faults.scenario import Scenario
from tests.functions.laboratory_uploads.world import A_FILE, UPLOADS, World
from tests.functions.resources import items
from vigie import aws
from vigie.inbox import EntryOutcome
from vigie.inbox.file_summary import FileSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = "morning"
# They hold a moment, and a signature over it.
_DIFFERENT = ("form", "links", "received_at")


class OpenAndFollow(Scenario):
    """An upload that is opened, one that is done, and the page that it is on."""

    def __init__(self) -> None:
        self._world = World()
        self._answers: set[str] = set()

    def prepare(self) -> list[str]:
        opened = self._world.open("earlier").body
        file = self._world.recorded(self._world.put(opened["path"]))
        told = json.dumps({"file": {"id": file.file_id}})
        aws.s3().put_object(Bucket="outbox", Key=f"{opened['path']}.ack.json", Body=told)
        summary = FileSummary(counts={EntryOutcome.ACCEPTED: 1})
        self._world.files.note_acknowledged(file.file_id, "csv", summary)
        return [f"POST {UPLOADS}", f"GET {UPLOADS}/{opened['id']}", f"GET {UPLOADS}"]

    def begin(self) -> None:
        self._answers.clear()

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        back = []
        self._world.start()
        for body in bodies:
            method, _, path = body.partition(" ")
            opens = method == "POST"
            try:
                answer = self._world.ask(
                    method, path, body=A_FILE if opens else None, key=_KEY if opens else None
                )
            finally:
                Metrics(namespace="test", service="test").clear_metrics()
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                back.append(body)
            else:
                self._answers.add(json.dumps(_told(answer.body), sort_keys=True))
        return back

    def everything(self) -> dict[str, object]:
        uploads = [item["upload"]["S"] for item in items("uploads")]
        return {"uploads": sorted(uploads), "answers": set(self._answers)}


def _told(body: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in body.items() if key not in _DIFFERENT}
    for each in shown.get("uploads", []):
        each.pop("received_at")
    return shown
