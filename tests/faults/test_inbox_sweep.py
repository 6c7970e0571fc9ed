"""A fault at any call of the sweep, then the next run, ends as if nothing had been."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.inbox_sweep.test_sweep import OPEN_MINUTES, World
from tests.functions.resources import empty_bucket, empty_table, items, objects
from vigie.errors import Unavailable


def missing_parts(world: World) -> None:
    """A file with a part missing, and nothing told of it."""
    empty_table("files", "file_id")
    empty_bucket("outbox")
    world.received()


@pytest.mark.parametrize("kind", Fault)
def test_the_missing_parts_are_told_once(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    kind: Fault,
) -> None:
    world, calls = World(), Injector()
    missing_parts(world)
    with calls.switched_on():
        world.sweep()
    expected = (items("files"), objects("outbox"))
    for place, name in enumerate(calls.made):
        missing_parts(world)
        with suppress(Crash, Unavailable), Injector(place, kind).switched_on():
            world.sweep()
        world.sweep(minutes=OPEN_MINUTES + 16)
        assert (items("files"), objects("outbox")) == expected, f"{kind} at {name}"
