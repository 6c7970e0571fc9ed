"""A fault at any call of the export, then the next run, ends as if nothing had been."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.key_export.scenario import KEYS, NOW, prepare, start_again
from tests.functions.key_export.world import World
from vigie.errors import Unavailable
from vigie.tracing import release


@pytest.fixture
def world(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.setattr(release, "SHARDS", 1)
    return World()


# A crash before a call leaves what a refusal of it leaves.
@pytest.mark.parametrize("kind", [Fault.CRASH_AFTER, Fault.REFUSED, Fault.ANSWER_LOST])
def test_every_key_leaves_once(world: World, kind: Fault) -> None:
    prepare(world)
    calls = Injector()
    with calls.switched_on():
        world.run(NOW)
    expected = world.left()
    assert expected.numbers() == list(range(KEYS))
    for place, name in enumerate(calls.made):
        start_again(world)
        with suppress(Crash, Unavailable), Injector(place, kind).switched_on():
            world.run(NOW)
        world.run(NOW)
        assert world.left() == expected, f"{kind} at call {place}, {name}"
