"""A laboratory that behaves unlike itself is named, once, and named again when it is over."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from infra.constructs.layer_set import ROOT
from tests.functions.laboratories import register, suspend
from tests.functions.laboratory_watch.world import LABORATORY, NOW, OTHER, World, lines
from tests.functions.resources import drained, items, sqs_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def told(texts: list[str]) -> list[tuple[str, str, str]]:
    """Laboratory, reason and state of each message."""
    return sorted((line["laboratory"], line["reason"], line["state"]) for line in map(lines, texts))


def test_a_laboratory_that_falls_silent_is_named_once_and_when_it_sends_again(
    world: World,
) -> None:
    thursday = datetime.fromisoformat("2026-12-03T18:00:00Z")
    world.weeks(until=thursday)
    assert world.watch(NOW - DAY) == []
    (begun,) = world.watch(NOW)
    assert told([begun]) == [(LABORATORY, "silent", "begun")]
    assert "fell silent" in begun
    assert lines(begun)["last file"] == "2026-12-03 15:10+01:00"
    assert world.watch(NOW + HOUR) == []
    assert world.watch(NOW + 9 * DAY) == []
    world.sent(NOW + 9 * DAY)
    (over,) = world.watch(NOW + 9 * DAY + HOUR)
    assert told([over]) == [(LABORATORY, "silent", "over")]
    assert world.codes().count("episode-told") == 2


def test_a_laboratory_that_sends_mostly_rejects_is_named_with_the_rule(world: World) -> None:
    world.weeks()
    world.sent(NOW - HOUR, rejected=30, accepted=2)
    (begun,) = world.watch()
    assert told([begun]) == [(LABORATORY, "rejects", "begun")]
    assert lines(begun)["rejected"] == "30"
    world.sent(NOW + DAY, accepted=20)
    assert told(world.watch(NOW + DAY + HOUR)) == [(LABORATORY, "rejects", "over")]


def test_a_laboratory_that_sends_the_same_hour_after_hour_is_named(world: World) -> None:
    world.weeks()
    for hours in range(5):
        world.sent(NOW - hours * HOUR, content="0" * 32, duplicate=10)
    assert told(world.watch()) == [(LABORATORY, "repeats", "begun")]


def test_a_laboratory_that_sends_far_more_than_usual_is_named(world: World) -> None:
    world.weeks()
    world.sent(NOW, accepted=5000)
    (begun,) = world.watch()
    assert told([begun]) == [(LABORATORY, "surge", "begun")]
    assert lines(begun)["usual items"] == "20"


def test_what_is_remembered_of_old_days_is_what_their_files_would_say(world: World) -> None:
    world.weeks(until=NOW - timedelta(days=12))
    world.watch(NOW - timedelta(days=12))
    kept = {one["entry"]["S"] for one in items("watch-records")}
    assert len([entry for entry in kept if entry.startswith("day#")]) > 10
    # Days that nobody looked at meanwhile are made up for.
    for day in range(11, 0, -1):
        world.sent(NOW - timedelta(days=day))
    assert told(world.watch()) == []
    days = {one["entry"]["S"] for one in items("watch-records")}
    assert "day#2026-12-06" in days
    assert "day#2026-12-07" not in days


def test_only_laboratories_that_may_send_are_watched(world: World) -> None:
    for finess in (OTHER, LABORATORY):
        world.weeks(until=NOW - 9 * DAY, laboratory=finess)
    register(OTHER)
    suspend(LABORATORY)
    assert told(world.watch()) == [(OTHER, "silent", "begun")]


def test_each_laboratory_is_a_message_of_its_own(world: World) -> None:
    for number in range(23):
        register(f"75000{number:04}")
    world.door()({"time": "2026-12-07T11:00:00Z"}, None)
    bodies = [json.loads(body) for body in drained(world.queue)]
    assert len({body["laboratory"] for body in bodies}) == len(bodies) == 23
    assert {body["at"] for body in bodies} == {"2026-12-07T11:00:00Z"}


def test_a_laboratory_that_is_hardly_known_raises_nothing(world: World) -> None:
    world.sent(NOW - 3 * DAY)
    assert world.watch() == []


def test_a_laboratory_that_never_sends_is_named_once_a_week_after_it_was_let_in(
    world: World,
) -> None:
    added = datetime.fromisoformat("2026-11-01T00:00:00Z")
    assert world.watch(added + 7 * DAY - HOUR) == []
    (begun,) = world.watch(added + 7 * DAY)
    assert told([begun]) == [(LABORATORY, "silent", "begun")]
    assert lines(begun)["let in"] == "2026-11-01 01:00+01:00"
    assert world.watch(added + 9 * DAY) == []
    world.sent(added + 10 * DAY)
    assert told(world.watch(added + 10 * DAY + HOUR)) == [(LABORATORY, "silent", "over")]


def test_a_laboratory_whose_last_file_is_long_ago_is_named(world: World) -> None:
    world.sent(NOW)
    assert told(world.watch(NOW + 60 * DAY)) == [(LABORATORY, "silent", "begun")]


def test_trials_neither_break_a_silence_nor_count_as_rejects(world: World) -> None:
    world.weeks(until=NOW - 5 * DAY)
    world.sent(NOW - HOUR, path="test/a.csv", rejected=30)
    assert told(world.watch()) == [(LABORATORY, "silent", "begun")]


def test_no_path_of_a_file_is_told_or_kept(world: World) -> None:
    world.weeks(until=NOW - 9 * DAY)
    world.sent(NOW - 9 * DAY, rejected=30)
    written = [*world.watch(), world.log.getvalue(), json.dumps(items("watch-records"))]
    assert len(written) == 3
    assert "Durand" not in "".join(written)


def test_a_message_of_something_else_is_put_aside(world: World) -> None:
    answer = world.door()(sqs_event(['{"laboratory": "Durand"}']), None)
    assert answer == {"batchItemFailures": []}
    assert len(drained(world.dead_letters)) == 1


@pytest.mark.parametrize("name", ["schedule", "laboratory"])
def test_the_samples_are_understood(world: World, name: str) -> None:
    event = json.loads((ROOT / "events" / "laboratory_watch" / f"{name}.json").read_text())
    assert world.door()(event, None) in (None, {"batchItemFailures": []})
    assert drained(world.dead_letters) == []
