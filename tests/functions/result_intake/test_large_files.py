"""A large file is cut, read in any order and joined once."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.functions.resources import drained, items, objects
from tests.functions.result_intake.samples import Sample, csv_of, hl7_of, ndjson_of
from tests.functions.result_intake.world import LABORATORY, World
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = f"{LABORATORY}/large"
# A good one, a warning, a bad one and a trial, over and over, none twice.
VARIED = (
    Sample(),
    Sample(email="no address"),
    Sample(birth_date="1969-14-14"),
    Sample(mode="T"),
)
SAMPLES = [VARIED[n % 4].but(accession=f"A{n}") for n in range(24)]


def told_of(world: World) -> dict[str, Any]:
    """The acknowledgement without what differs between two uploads."""
    told = world.acknowledgement(KEY)
    del told["file"]["id"], told["file"]["version_id"]
    return told


def cut(world: World, body: bytes) -> list[str]:
    """Upload a file that is cut; the range messages."""
    world.part_bytes = len(body) // 4
    assert world.deliver(world.upload(KEY, body)) == []
    return world.waiting()


@pytest.mark.parametrize("write", [csv_of, hl7_of, ndjson_of])
def test_parts_in_any_order_with_repeats_are_answered_as_the_whole_is(
    world: World, write: Callable[..., bytes]
) -> None:
    body = write(*SAMPLES)
    world.deliver(world.upload(KEY, body))
    whole, results = told_of(world), [r.result_id for r in world.results()]
    assert whole["summary"]["items"] == len(SAMPLES)
    for seed in range(3):
        world.forget()
        ranges = cut(world, body)
        assert len(ranges) >= 4
        assert objects("outbox") == {}
        order = Random(seed).sample(ranges, len(ranges))  # noqa: S311 - a shuffle
        for message in [*order, *order[:2]]:
            assert world.deliver(message, message) == []
        assert told_of(world) == whole
        assert [result.result_id for result in world.results()] == results
        assert len(world.events()) == len(results)
        assert world.codes().count("file-joined") == seed + 1


def test_nothing_is_answered_until_the_last_part_is_read(world: World) -> None:
    *most, last = cut(world, csv_of(*SAMPLES))
    assert world.deliver(*most) == []
    assert objects("outbox") == {}
    assert items("files")[0]["state"]["S"] == "received"
    assert world.deliver(last) == []
    assert set(objects("outbox")) == {f"{KEY}.ack.json", f"{KEY}.ack.csv"}
    assert items("files")[0]["state"]["S"] == "acknowledged"
    assert "open_shard" not in items("files")[0]


def test_the_file_message_again_sends_the_same_parts(world: World) -> None:
    body = csv_of(*SAMPLES)
    world.part_bytes = len(body) // 4
    message = world.upload(KEY, body)
    world.deliver(message)
    first = world.waiting()
    world.deliver(message)
    assert world.waiting() == first


def test_a_range_message_names_no_path(world: World) -> None:
    for message in cut(world, csv_of(*SAMPLES)):
        assert KEY not in message
        assert json.loads(message)["type"] == "FileRange"


def test_a_correction_in_another_part_prevails_in_any_order(world: World) -> None:
    samples = [*SAMPLES[:12], Sample(accession="A0").at(15).but(outcome="260415000")]
    body = csv_of(*samples, *(sample.but(accession=f"B{n}") for n, sample in enumerate(SAMPLES)))
    for backwards in (False, True):
        world.forget()
        ranges = cut(world, body)
        world.deliver(*(reversed(ranges) if backwards else ranges))
        corrected = [r for r in world.results() if r.outcome is Outcome.NOT_DETECTED]
        assert len(corrected) == 1
        assert corrected[0].version == (1 if backwards else 2)


def test_a_part_of_a_file_that_was_cut_otherwise_is_buried(world: World) -> None:
    message = json.loads(cut(world, csv_of(*SAMPLES))[0])
    message["span"][1] += 1
    assert world.deliver(json.dumps(message)) == []
    assert len(drained(world.dead_letters)) == 1


def test_a_large_file_that_cannot_be_cut_is_read_as_a_whole(world: World) -> None:
    world.part_bytes = 100
    assert world.send("large", csv_of(Sample()))["summary"]["accepted"] == 1
    assert world.send("rejected", b"\x00" * 500)["state"] == "rejected"
