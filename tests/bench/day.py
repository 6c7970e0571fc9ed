"""`make bench-day`: a day of three million results, scaled to this machine, and what bounds it.

The files of a day come as they come to a country, a day in two minutes; what waits, and for how
long, is printed as it goes. The emulator runs every function as processes of this machine, so
that says how the system takes a burst, and not how fast AWS is. What AWS takes is computed from
the calls that the code makes, the times assumed for them, and the quotas of a new account.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.exceptions import ClientError
from rich.console import Console
from rich.table import Table

from demo.csv_file import write_csv
from demo.deployed import Deployed
from demo.morning import LABORATORIES, invent_test
from tests.bench import costs
from tests.bench.limits import copies_of, limits
from tests.flows.templates import production_templates

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from tests.bench.limits import Limit

_ARRIVALS = json.loads((Path(__file__).parent / "arrivals-of-a-day.json").read_text())
_HOURS = 24
_SECONDS_OF_AN_HOUR = 3600
_DRAINED_SECONDS = 300
_IN_A_FILE = 20
_MEASURED = 50


class Reading(NamedTuple):
    """What a look at the system shows.

    Attributes:
        hour: of the day.
        sent: results so far.
        backlog: results of files that have no acknowledgement yet.
        oldest_seconds: how long the oldest of these files has waited, on this machine.
        messages: that wait or are worked on in all queues.
    """

    hour: float
    sent: int
    backlog: int
    oldest_seconds: float
    messages: int


def main() -> int:
    """Replay a day and print how it went; then print what comes first on AWS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", help="URL of the emulator; without it nothing is replayed")
    parser.add_argument("--results", type=int, default=1200, help="how many results to send")
    parser.add_argument("--seconds", type=int, default=120, help="how long the day takes")
    options = parser.parse_args()
    console = Console(width=140)
    if options.endpoint:
        day = Day(Deployed.read(options.endpoint), options.results, options.seconds)
        console.print(_readings_table(day.replay()))
    console.print(_demand())
    with TemporaryDirectory() as folder:
        templates = production_templates(Path(folder))
        copies = copies_of(templates)
        for in_a_file, what in ((_MEASURED, f"in files of {_MEASURED}"), (1, "alone in its file")):
            taken = costs.measured(templates, "negative", _MEASURED, in_a_file)
            console.print(_limits_table(limits(taken, copies), what))
    return 0


class Day:
    """A day's files, sent to the deployed system.

    Args:
        deployed: the system.
        results: how many to send.
        seconds: how long the day takes.
    """

    def __init__(self, deployed: Deployed, results: int, seconds: int) -> None:
        self._outputs = deployed.outputs
        self._sqs = boto3.client("sqs", endpoint_url=deployed.endpoint)
        self._laboratory = LABORATORIES[-1]
        self._s3: S3Client = deployed.s3_of_laboratory(self._laboratory.finess)
        self._results = results
        self._seconds = seconds
        self._random = Random(7)  # noqa: S311 - the same tests in every run
        self._sent = 0
        self._waiting: dict[str, float] = {}

    def replay(self) -> list[Reading]:
        """Send the day's files when they are due, and look each hour of it, until all is done."""
        began = time.monotonic()
        readings: list[Reading] = []
        while True:
            hour = (time.monotonic() - began) / self._seconds * _HOURS
            while self._sent < self._results * _arrived_by(hour):
                self._send()
            if hour >= len(readings):
                readings.append(self._look(hour))
            if hour > _HOURS and not readings[-1].messages and not readings[-1].backlog:
                return readings
            if time.monotonic() - began > self._seconds + _DRAINED_SECONDS:
                return readings
            time.sleep(0.2)

    def _send(self) -> None:
        size = min(_IN_A_FILE, self._results - self._sent)
        numbers = range(500_000 + self._sent, 500_000 + self._sent + size)
        now = datetime.now(UTC)
        tests = [invent_test(self._random, self._laboratory, number, now) for number in numbers]
        key = f"{self._laboratory.finess}/day/{self._sent}.csv"
        content = write_csv(tests, self._laboratory.finess, self._laboratory.name)
        self._s3.put_object(Bucket=self._outputs["InboxBucket"], Key=key, Body=content)
        self._waiting[key] = time.monotonic()
        self._sent += size

    def _look(self, hour: float) -> Reading:
        # Acknowledgements come in the order of the files, or nearly.
        for key in list(self._waiting):
            if not self._is_acknowledged(key):
                break
            del self._waiting[key]
        oldest = min(self._waiting.values(), default=time.monotonic())
        return Reading(
            hour,
            self._sent,
            len(self._waiting) * _IN_A_FILE,
            time.monotonic() - oldest,
            sum(self._depth(url) for url in self._sqs.list_queues().get("QueueUrls", [])),
        )

    def _is_acknowledged(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self._outputs["OutboxBucket"], Key=f"{key}.ack.json")
        except ClientError:
            return False
        return True

    def _depth(self, url: str) -> int:
        if "dead" in url:
            return 0
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
            ],
        )["Attributes"]
        return sum(int(value) for value in attributes.values())


def _arrived_by(hour: float) -> float:
    """The share of a day's results that has come by an hour."""
    percents = _ARRIVALS["percent_by_hour"]
    whole, begun = divmod(min(hour, _HOURS), 1)
    now = percents[int(whole)] * begun if whole < _HOURS else 0
    return float((sum(percents[: int(whole)]) + now) / sum(percents))


def _demand() -> str:
    results, percents = _ARRIVALS["results"], _ARRIVALS["percent_by_hour"]
    hour = results * max(percents) / sum(percents) / _SECONDS_OF_AN_HOUR
    minute = hour * _ARRIVALS["busiest_minute"]
    mean = results / _HOURS / _SECONDS_OF_AN_HOUR
    return (
        f"A day of {results:,} results: {mean:.0f} a second in the mean, {hour:.0f} in the busiest"
        f" hour, {minute:.0f} in the busiest minute (assumed)."
    )


def _readings_table(readings: list[Reading]) -> Table:
    table = Table("hour", "sent", "unanswered", "oldest, s", "in queues", title="The day")
    for one in readings:
        table.add_row(
            f"{one.hour:.0f}",
            str(one.sent),
            str(one.backlog),
            f"{one.oldest_seconds:.0f}",
            str(one.messages),
        )
    return table


def _limits_table(found: list[Limit], what: str) -> Table:
    table = Table(
        "limit", "is", "results a second", "before that", title=f"What comes first on AWS, {what}"
    )
    for limit in found:
        table.add_row(limit.name, f"{limit.value:,.0f}", f"{limit.results:,.0f}", limit.remedy)
    return table


if __name__ == "__main__":
    sys.exit(main())
