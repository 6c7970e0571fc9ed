"""A process that stands for one instance of result_intake: `python -m … <file descriptor>`."""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from result_intake.handler import build
from tests.bench.gigabyte.stores import Stores
from tests.bench.gigabyte.wire import Call, Done, Refusal, Work

if TYPE_CHECKING:
    from collections.abc import Callable

_RESULTS, _INBOX = "results", "inbox"


def main() -> None:
    """Do the work that comes in, and tell of each invocation."""
    started_by: Connection[Any, Any] = Connection(int(sys.argv[1]))
    work: Work = started_by.recv()
    calls = _Calls(started_by, work)
    BaseClient._make_api_call = calls  # type: ignore[attr-defined]
    door = build(work.settings, part_bytes=work.part_bytes)
    for message in work.messages:
        began, computed = time.monotonic(), time.process_time()
        event: dict[str, object] = {"Records": [{"messageId": "0", "body": message}]}
        answer = door(event, None)
        done = Done(
            message,
            bool(answer["batchItemFailures"]),
            time.monotonic() - began,
            time.process_time() - computed,
            _peak_kib(),
        )
        started_by.send(done)
    started_by.send(None)


def _peak_kib() -> int:
    """The most memory that this process held, in KiB.

    `getrusage` would count that of the process which it was started from, too.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(told.split()[1])


class _Calls:
    """Stands for the way to AWS of every client, and dies where it is told to."""

    def __init__(self, started_by: Connection[Any, Any], work: Work) -> None:
        self._started_by = started_by
        self._stores = Stores(work.folder)
        self._dies_after = work.dies_after
        self._written = 0
        self._lock = Lock()

    def __get__(self, client: BaseClient, _: type) -> Callable[[str, dict[str, Any]], Any]:
        return lambda operation, params: self._answer(client, operation, params)

    def _answer(self, client: BaseClient, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "PutItem" and params["TableName"] == _RESULTS:
            return self._put_result(params)
        if operation == "PublishBatch":
            return self._stores.publish_batch(params)
        if operation == "GetObject" and params["Bucket"] == _INBOX:
            return self._stores.get_object(params)
        return self._asked(client.meta.service_model.service_name, operation, params)

    def _put_result(self, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._stores.put_item(params)
        finally:
            with self._lock:
                self._written += 1
                if self._written == self._dies_after:
                    os._exit(1)

    def _asked(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if hasattr(params.get("Body"), "read"):
            params = params | {"Body": params["Body"].read()}
        with self._lock:
            self._started_by.send(Call(service, operation, params))
            answer: Any = self._started_by.recv()
        if isinstance(answer, Refusal):
            response: Any = answer.response
            raise ClientError(response, operation)
        if "Body" in answer:
            answer["Body"] = io.BytesIO(answer["Body"])
        found: dict[str, Any] = answer
        return found


if __name__ == "__main__":
    main()
