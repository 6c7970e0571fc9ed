"""`python -m tests.bench.large_file`: a file of a gigabyte, with real memory of real processes.

Each range is read in a process of its own, a few of which die half-way; what they ask of AWS is
answered by stores that hold to their conditions (`tests.bench.gigabyte`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest import mock

from moto import mock_aws
from rich.console import Console

from result_intake.cutting import RANGE
from tests.bench.gigabyte.run import Plan, send
from tests.functions.conftest import REGION
from tests.functions.result_intake.world import World
from vigie import aws

if TYPE_CHECKING:
    from tests.bench.gigabyte.run import Outcome

_MIB = 1024 * 1024
_TARGET_MIB = 512
_TARGET_RANGES = 100


def main() -> int:
    """Send a file and print what it took; the status is 1 where something is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024, help="size of the file, in MiB")
    parser.add_argument("--processes", type=int, default=2, help="how many ranges at once")
    parser.add_argument("--deaths", type=int, default=3, help="how many ranges die half-way")
    options = parser.parse_args()
    plan = Plan(options.megabytes * _MIB, RANGE, processes=options.processes, deaths=options.deaths)
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_METRICS_NAMESPACE": "vigie-bench",
        "POWERTOOLS_SERVICE_NAME": "bench",
    }
    aws.forget_clients()
    with TemporaryDirectory() as folder, mock.patch.dict(os.environ, environment), mock_aws():
        outcome = send(World(), Path(folder), plan)
    return _told(outcome)


def _told(outcome: Outcome) -> int:
    answer = json.loads(outcome.acknowledgement)
    summary = {name: count for name, count in answer["summary"].items() if count}
    expected = {"items": outcome.expected.total(), **outcome.expected}
    seconds = [done.processor_seconds for done in outcome.read]
    console = Console()
    console.print(f"{outcome.expected.total():,} items in {outcome.ranges} ranges")
    console.print(f"ranges whose process died half-way: {outcome.died}")
    console.print(f"peak memory of a process: {outcome.peak_mib:.0f} MiB")
    console.print(f"  of the one that cut the file: {outcome.cut.peak_kib / 1024:.0f} MiB")
    console.print(f"computed for a range: {mean(seconds):.1f} s, at most {max(seconds):.1f} s")
    console.print(f"cutting: {outcome.cut.processor_seconds:.1f} s")
    console.print(
        f"acknowledgement: {len(answer['entries']):,} entries listed, {answer['omitted']:,} more"
        f" counted; JSON {len(outcome.acknowledgement) / _MIB:.1f} MiB,"
        f" CSV {len(outcome.spreadsheet) / _MIB:.1f} MiB"
    )
    console.print(f"summary: {summary}")
    kept = outcome.kept
    console.print(
        f"{kept.results:,} results stored, {kept.events:,} events, published {kept.published:,}"
    )
    stored = outcome.expected.total() - outcome.expected["rejected"] - outcome.expected["duplicate"]
    right = {
        f"peak < {_TARGET_MIB} MiB": outcome.peak_mib < _TARGET_MIB,
        f"≥ {_TARGET_RANGES} ranges": outcome.ranges >= _TARGET_RANGES,
        "the answer is that of an undisturbed file": summary == expected,
        "each result is stored once, and told": kept.results == kept.events == stored,
    }
    for what, met in right.items():
        console.print(f"{what}: {'met' if met else 'missed'}")
    return 0 if all(right.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
