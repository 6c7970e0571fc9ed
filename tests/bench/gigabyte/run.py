"""A large file on its whole way through result_intake, each range in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from tests.bench.gigabyte import laboratory_file
from tests.bench.gigabyte.stores import Kept, Stores
from tests.bench.gigabyte.wire import Call, Done, Refusal, Work
from tests.functions.resources import objects
from tests.functions.result_intake.world import LABORATORY, World, notification
from vigie import aws

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

_KEY = f"{LABORATORY}/large.csv"
_ROUTES = ("functions", "layers/vigie/python", ".")


class Plan(NamedTuple):
    """How a file is sent.

    Attributes:
        size: bytes of the file.
        part_bytes: of a range.
        in_a_process: how many ranges one process reads, as a warm instance does.
        processes: how many run at once.
        deaths: how many processes die after half of their results.
        seed: of the order of the ranges, and of those that die.
    """

    size: int
    part_bytes: int
    in_a_process: int = 1
    processes: int = 1
    deaths: int = 0
    seed: int = 1


class Outcome(NamedTuple):
    """What became of a file.

    Attributes:
        expected: items by outcome, as the file was written.
        ranges: how many it was cut into.
        died: how many processes died.
        cut: the invocation that cut it.
        read: the invocations that read a range; the last one joined.
        kept: what the stores have in the end.
        acknowledgement: as JSON, in bytes.
        spreadsheet: the same as CSV.
    """

    expected: Counter[str]
    ranges: int
    died: int
    cut: Done
    read: tuple[Done, ...]
    kept: Kept
    acknowledgement: bytes
    spreadsheet: bytes

    @property
    def peak_mib(self) -> float:
        """The most memory that a process had."""
        return max(done.peak_kib for done in (self.cut, *self.read)) / 1024


def send(world: World, folder: Path, plan: Plan) -> Outcome:
    """Write a file, have it read, and give what became of it.

    Args:
        world: an account in memory, for what is asked seldom.
        folder: empty; for what is asked often.
        plan: how.
    """
    expected = laboratory_file.write(folder / "inbox", plan.size)
    return Run(world, folder, plan).of(expected)


class Run:
    """One file's way.

    Args:
        world: an account in memory.
        folder: of the stores that processes share; `inbox` is there.
        plan: how the file is sent.
    """

    def __init__(self, world: World, folder: Path, plan: Plan) -> None:
        self._world = world
        self._folder = folder
        self._plan = plan
        self._lock = Lock()
        self._died = 0

    def of(self, expected: Counter[str]) -> Outcome:
        """Deliver until nothing is left."""
        size = (self._folder / "inbox").stat().st_size
        (cut,) = self._process((notification((_KEY, "null", size)),), None)
        messages = self._world.waiting()
        order = Random(self._plan.seed).sample(messages, len(messages))  # noqa: S311 - a shuffle
        read = self._deliver(order, expected.total() // len(order))
        stores = Stores(self._folder)
        kept = stores.kept()
        stores.close()
        outbox = objects("outbox")
        return Outcome(
            expected,
            len(messages),
            self._died,
            cut,
            read,
            kept,
            outbox[f"{_KEY}.ack.json"],
            outbox[f"{_KEY}.ack.csv"],
        )

    def _deliver(self, messages: list[str], in_a_range: int) -> tuple[Done, ...]:
        """Deliver each message until it is done; those whose process dies wait for the others."""
        apart = len(messages) // (self._plan.deaths + 1)
        # Never the last one, whose end is that of the file.
        dying = {messages[(number + 1) * apart] for number in range(self._plan.deaths)}
        batches = _batched(messages, self._plan.in_a_process)
        read: list[Done] = []
        while batches:
            ended = self._round(
                batches,
                [len(each) * in_a_range // 2 if dying & {*each} else None for each in batches],
            )
            read += ended
            finished = {done.message for done in ended if not done.failed}
            dying = set()
            left = [message for batch in batches for message in batch if message not in finished]
            batches = _batched(left, self._plan.in_a_process)
        return tuple(read)

    def _round(self, batches: list[tuple[str, ...]], deaths: list[int | None]) -> list[Done]:
        with ThreadPoolExecutor(self._plan.processes) as pool:
            return [done for each in pool.map(self._process, batches, deaths) for done in each]

    def _process(self, messages: tuple[str, ...], dies_after: int | None) -> list[Done]:
        """Have a process handle messages, and answer what it asks; what it ended of them."""
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "tests.bench.gigabyte.range_process"]
        process = subprocess.Popen(  # noqa: S603 - this very Python
            [*command, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(_ROUTES)},
            stdout=subprocess.DEVNULL,
        )
        theirs.close()
        settings, part_bytes = self._world.settings, self._plan.part_bytes
        with ours:
            ours.send(Work(settings, messages, part_bytes, self._folder, dies_after))
            ended = list(self._served(ours))
        if process.wait() != 0:
            with self._lock:
                self._died += 1
        return ended

    def _served(self, ours: Connection[Any, Any]) -> Iterator[Done]:
        while True:
            try:
                said = ours.recv()
            except EOFError:
                return
            if said is None:
                return
            if isinstance(said, Done):
                yield said
            else:
                ours.send(self._answer(said))

    def _answer(self, call: Call) -> dict[str, Any] | Refusal:
        client: Any = getattr(aws, call.service)()
        with self._lock:
            try:
                answer: dict[str, Any] = client._make_api_call(call.operation, call.params)
            except ClientError as error:
                return Refusal(dict(error.response))
        if "Body" in answer:
            answer["Body"] = answer["Body"].read()
        return answer


def _batched(messages: list[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(messages[first : first + size]) for first in range(0, len(messages), size)]
