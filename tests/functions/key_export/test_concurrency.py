"""Two runs at once, in every interleaving: what is left is what one run leaves."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from botocore.client import BaseClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.interruption import interrupted
from tests.functions.key_export.scenario import KEYS, NOW, prepare, start_again
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.functions.key_export.world import World
from tests.functions.resources import objects

_CALL: Callable[..., Any] = vars(BaseClient)["_make_api_call"]
_SECONDS = 60


def test_a_whole_run_before_any_call_of_another(world: World) -> None:
    prepare(world)
    with interrupted({}) as calls:
        world.run(NOW)
    expected = world.left()
    assert expected.numbers() == list(range(KEYS))
    assert [revised for revised in expected.revised.values() if revised] == [[1]]
    public: dict[str, bytes] = {}

    def run_as_well() -> None:
        world.run(NOW)
        public.update(_files())

    for place, call in enumerate(calls):
        if call == "Query" and calls[place - 1] == "Query":
            # Shards without keys, one after another.
            continue
        start_again(world)
        with interrupted({place: run_as_well}):
            world.run(NOW)
        assert world.left() == expected, (place, call)
        # What was once public may be in a cache.
        assert _files() == public, (place, call)


def _files() -> dict[str, bytes]:
    return {name: file for name, file in objects("exports").items() if name.endswith(".zip")}


class Turns:
    """Lets two threads make their calls of AWS one at a time, in an order that is given.

    Args:
        order: for each call, whose turn it is; after the last, whoever comes.
    """

    def __init__(self, order: list[int]) -> None:
        self._order = order
        self._turn = threading.Condition()
        self._running = {0, 1}

    def run(self, who: int, work: Callable[[], object]) -> None:
        """Do the work of one of the two, calls in turn."""
        try:
            work()
        finally:
            with self._turn:
                self._running.discard(who)
                self._turn.notify_all()

    def take(self, who: int) -> None:
        """Wait for one's turn, or until the other has ended."""
        with self._turn:
            assert self._turn.wait_for(lambda: self._is_for(who), _SECONDS)
            if self._order:
                self._order.pop(0)
            self._turn.notify_all()

    def _is_for(self, who: int) -> bool:
        return not self._order or self._order[0] == who or self._running == {who}


@contextmanager
def taking(turns: Turns) -> Iterator[None]:
    """Have each call of AWS by a named thread wait for its turn."""
    alone = threading.Lock()

    def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        turns.take(int(threading.current_thread().name))
        # The account in process is not made for two at a time.
        with alone:
            return _CALL(client, operation, arguments)

    with mock.patch.object(BaseClient, "_make_api_call", make):
        yield


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.lists(st.integers(0, 1), min_size=20, max_size=90))
def test_two_runs_call_by_call(world: World, order: list[int]) -> None:
    _prepare_once(world)
    start_again(world)
    turns = Turns(order)
    contended: list[Unavailable] = []

    def run() -> None:
        try:
            world.run(NOW)
        except Unavailable as unavailable:
            # Two runs that write the same index at once: the next one goes on.
            contended.append(unavailable)

    with taking(turns):
        threads = [
            threading.Thread(name=str(who), target=turns.run, args=(who, run)) for who in (0, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_SECONDS)
    assert len(contended) < len(threads)
    left = world.left()
    assert left.numbers() == list(range(KEYS))
    assert left.listed == sorted(left.files)
    assert len(left.listed) == 3


def _prepare_once(world: World) -> None:
    if world.settings.period_seconds != 3600:
        prepare(world)
