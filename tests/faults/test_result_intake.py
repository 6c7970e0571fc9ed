"""A fault at any call of the intake, then redelivery, ends as if nothing had been."""

from __future__ import annotations

import gzip

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.result_intake.samples import Sample, csv_of
from tests.functions.result_intake.world import LABORATORY, World

KEY = f"{LABORATORY}/a.csv"
MORNING = csv_of(
    Sample(),
    Sample().at(13).but(status="C", outcome="260415000"),
    Sample(),
    Sample(birth_date="1969-14-14"),
    Sample(accession="A2").but(status="W"),
    Sample(accession="A3", email="no address"),
)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def run(world: World, message: str, injector: Injector) -> None:
    """Deliver until nothing waits: what fails or crashes comes back, as from a queue."""
    waiting = [message]
    for _ in range(40):
        if not waiting:
            return
        body = waiting.pop(0)
        try:
            with injector.switched_on():
                failed = world.deliver(body)
        except Crash:
            failed = ["0"]
        waiting += [body] if failed else []
        waiting += world.waiting()
    pytest.fail("the messages were never done")


def assert_faults_are_harmless(world: World, body: bytes, kind: Fault) -> None:
    message = world.upload(KEY, body)
    calls = Injector()
    run(world, message, calls)
    expected = world.everything()
    assert expected["events"]
    assert expected["dead"] == []
    for place, name in enumerate(calls.made):
        world.forget()
        run(world, message, Injector(place, kind))
        assert world.everything() == expected, f"{kind} at call {place}, {name}"


@pytest.mark.parametrize("kind", Fault)
def test_a_small_file(world: World, kind: Fault) -> None:
    assert_faults_are_harmless(world, MORNING, kind)


@pytest.mark.parametrize("kind", [Fault.CRASH_AFTER, Fault.REFUSED])
def test_a_large_file(world: World, kind: Fault) -> None:
    world.part_bytes = len(MORNING) // 2
    assert_faults_are_harmless(world, MORNING, kind)


@pytest.mark.parametrize("kind", [Fault.CRASH_AFTER, Fault.REFUSED])
def test_a_large_compressed_file(world: World, kind: Fault) -> None:
    world.part_bytes = len(MORNING) // 2
    assert_faults_are_harmless(world, gzip.compress(MORNING, mtime=0), kind)
