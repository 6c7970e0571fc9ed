"""`python -m tests.bench.export_growth`: one export run beside the keys that are kept already.

The keys table is a double that has as many keys as it is told to, spread over 14 days, and makes
only those that it is asked for: what a run reads is counted, and whatever it does not read costs
nothing. The other calls are answered in process.
"""

from __future__ import annotations

import io
import os
import time
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from botocore.client import BaseClient
from moto import mock_aws
from rich.console import Console
from rich.table import Table

from tests.functions.conftest import REGION
from tests.functions.key_export.world import FIRST_DUE, HOME, HOUR, MIDNIGHT, World
from tests.functions.kms_signing import digests_signed
from tests.functions.resources import objects
from vigie import aws
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.release import RETENTION, SHARDS, Section, shards
from vigie.tracing.stored_key import released_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEPT = (10_000, 100_000, 1_000_000, 10_000_000)
_NEW = 6_400
_PERIOD_HOURS = 4
_CALL: Callable[..., Any] = vars(BaseClient)["_make_api_call"]


@dataclass
class Growth:
    """What one run cost.

    Attributes:
        kept: keys in the table that are exported already.
        new: keys of the batch that is due.
        calls: of AWS, of all kinds.
        read: keys that the table gave.
        seconds: of the processor.
    """

    kept: int
    new: int
    calls: int = 0
    read: int = 0
    seconds: float = 0.0


@dataclass
class _Keys:
    """A keys table of so many keys, which are made when they are asked for."""

    kept: int
    new: int
    growth: Growth
    _counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = MIDNIGHT - RETENTION
        hours = int(RETENTION / HOUR)
        for hour in range(hours + _PERIOD_HOURS):
            is_new = hour >= hours
            of_the_hour = self.new // _PERIOD_HOURS if is_new else self.kept // hours
            for place, shard in enumerate(shards(first + hour * HOUR, Section.HOME)):
                self._counts[shard] = (of_the_hour + place) // SHARDS

    def call(self, client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        """Answer queries of the keys, pass on everything else, and count both."""
        self.growth.calls += 1
        if operation == "Query" and arguments["TableName"] == "keys":
            return self._page(arguments)
        return _CALL(client, operation, arguments)

    def _page(self, arguments: dict[str, Any]) -> dict[str, Any]:
        shard = arguments["ExpressionAttributeValues"][":shard"]["S"]
        start = arguments.get("ExclusiveStartKey", {"key": {"S": "0"}})["key"]["S"]
        first = int(start[:8], 16)
        last = min(first + arguments["Limit"], self._counts.get(shard, 0))
        items = [_item(shard, number) for number in range(first, last)]
        self.growth.read += len(items)
        if last == self._counts.get(shard, 0):
            return {"Items": items}
        after = {"shard": {"S": shard}, "key": items[-1]["key"]}
        return {"Items": items, "LastEvaluatedKey": after}


def _item(shard: str, number: int) -> dict[str, Any]:
    key = DiagnosisKey(
        # In a shard, keys stand in the order of their numbers.
        key_data=(number + 1).to_bytes(4, "big") + shard[-2:].encode() + shard[11:13].encode() * 5,
        rolling_start_interval_number=interval_number(MIDNIGHT) - 144,
        rolling_period=144,
        transmission_risk=2,
        report_type=ReportType.CONFIRMED_TEST,
    )
    return {**released_item(key, _hour_of(shard), HOME), "shard": {"S": shard}}


def _hour_of(shard: str) -> datetime:
    return datetime.fromisoformat(shard.partition("Z#")[0] + ":00:00+00:00")


def grown(kept: int, new: int = _NEW) -> Growth:
    """What the run costs that exports a batch of new keys, beside those that are kept.

    Raises:
        AssertionError: it did not export the new keys.
    """
    growth = Growth(kept, new)
    with _in_process():
        world = World(max_records=500_000, lookback_seconds=0)
        table = _Keys(kept, new, growth)
        with mock.patch.object(BaseClient, "_make_api_call", _answering(table)):
            with redirect_stdout(io.StringIO()):
                world.run(MIDNIGHT + timedelta(seconds=1))
            growth.calls = growth.read = 0
            began = time.process_time()
            with redirect_stdout(io.StringIO()):
                world.run(FIRST_DUE)
            growth.seconds = time.process_time() - began
        files = [name for name in objects("exports") if name.endswith(".zip")]
        if len(files) != 1 or growth.read < new:
            raise AssertionError("the new keys must be exported")
    return growth


@contextmanager
def _in_process() -> Iterator[None]:
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_METRICS_NAMESPACE": "vigie-bench",
        "POWERTOOLS_SERVICE_NAME": "bench",
    }
    aws.forget_clients()
    with mock.patch.dict(os.environ, environment):
        # Under the emulator's command every client would go there.
        os.environ.pop("AWS_ENDPOINT_URL", None)
        os.environ.pop("AWS_SESSION_TOKEN", None)
        with mock_aws(), digests_signed():
            yield
    aws.forget_clients()


def _answering(table: _Keys) -> Callable[[BaseClient, str, dict[str, Any]], object]:
    """The double's answer as the method of a client."""

    def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        return table.call(client, operation, arguments)

    return make


def show() -> None:
    """Print the curve."""
    table = Table("keys kept", "new keys", "calls", "keys read", "seconds", title="one export run")
    for kept in _KEPT:
        growth = grown(kept)
        table.add_row(
            f"{kept:,}",
            f"{growth.new:,}",
            f"{growth.calls:,}",
            f"{growth.read:,}",
            f"{growth.seconds:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    show()
