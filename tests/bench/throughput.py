"""`make bench-emulator`: results a second through the deployed system, and what bounds them.

The emulator runs every function as processes of this machine, so the figure says how much work
a result is, not what AWS would take in. The share of the processors that was busy tells whether
that work, and not a wait, is the bound.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console

from demo.csv_file import write_csv
from demo.deployed import Deployed
from demo.morning import LABORATORIES, Upload, invent_test
from demo.waves import Waves

_RESULTS = 600
_FILES_EACH = 4
_PROCESSORS = Path("/proc/stat")


class _Ticks(NamedTuple):
    """Processor time since the machine started, in ticks: all of it, and what was idle."""

    total: int
    idle: int


def main() -> int:
    """Send the files of three laboratories and print how fast they are dealt with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="URL of the emulator")
    parser.add_argument("--results", type=int, default=_RESULTS, help="how many results to send")
    options = parser.parse_args()
    uploads = _uploads(options.results // (len(LABORATORIES) * _FILES_EACH))
    moments: list[float] = []

    def tell(acknowledged: int, awaited: int, waiting: int) -> None:
        if acknowledged == awaited and not moments:
            moments.append(time.monotonic())
        if waiting:
            last_busy[0] = time.monotonic()

    began, before = time.monotonic(), _ticks()
    last_busy = [began]
    acknowledgements = Waves(Deployed.read(options.endpoint), tell).send(uploads)
    after = _ticks()
    accepted = sum(
        count
        for acknowledgement in acknowledgements.values()
        for outcome, count in acknowledgement["summary"].items()
        if outcome.startswith("accepted")
    )
    console = Console()
    console.print(f"{accepted} results in {len(uploads)} files")
    console.print(f"acknowledged: {accepted / (moments[0] - began):.0f} results a second")
    console.print(
        f"signed, told and archived: {accepted / (last_busy[0] - began):.0f} results a second"
    )
    if before and after:
        busy = 1 - (after.idle - before.idle) / (after.total - before.total)
        console.print(f"processors busy: {busy:.0%}")
    return 0


def _uploads(size: int) -> list[Upload]:
    random, now = Random(7), datetime.now(UTC)  # noqa: S311 - the same tests in every run
    uploads = []
    for laboratory in LABORATORIES:
        for number in range(_FILES_EACH):
            tests = [
                invent_test(random, laboratory, 100_000 + number * size + each, now)
                for each in range(size)
            ]
            content = write_csv(tests, laboratory.finess, laboratory.name)
            path = f"throughput/{number}.csv"
            uploads.append(
                Upload(laboratory=laboratory.finess, path=path, content=content, wave=1, fates={})
            )
    return uploads


def _ticks() -> _Ticks | None:
    """What Linux counts; None elsewhere (proc(5), /proc/stat)."""
    if not _PROCESSORS.exists():
        return None
    counted = [int(ticks) for ticks in _PROCESSORS.read_text().splitlines()[0].split()[1:9]]
    return _Ticks(total=sum(counted), idle=counted[3] + counted[4])


if __name__ == "__main__":
    sys.exit(main())
