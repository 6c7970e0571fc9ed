"""Every event is kept as it was told, by its day; told again, it changes nothing."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger

from event_archive.handler import build
from event_archive.settings import Settings
from tests.functions.resources import create_bucket, create_queue, drained, objects, sqs_event
from vigie import aws
from vigie.errors import Rejected
from vigie.events.archive import ArchivedEvent, EventArchive
from vigie.events.event import ResultRecorded, event_id, write_event
from vigie.results.codes import Method, Outcome

SAMPLES = sorted((Path(__file__).parents[3] / "events" / "event_archive").glob("*.json"))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(number: int, occurred_at: datetime = NOON) -> str:
    """The body of an event."""
    return write_event(
        ResultRecorded(
            id=event_id("ResultRecorded", f"750000001-{number}", 1),
            occurred_at=occurred_at,
            result_id=f"750000001-{number}",
            version=1,
            person="p1.abc",
            laboratory="750000001",
            disease="covid-19",
            method=Method.NAAT,
            outcome=Outcome.DETECTED,
            sampled_at=NOON - timedelta(days=1),
        )
    )


class World:
    """The archive of a test."""

    def __init__(self) -> None:
        create_bucket("archive")
        self.dead_letters = create_queue("dead")
        self.archive = EventArchive(aws.s3(), "archive")
        self.log = io.StringIO()

    def run(self, *bodies: str) -> list[str]:
        """Deliver a batch, whose messages are named by their place."""
        settings = Settings(archive_bucket="archive", dead_letters_url=self.dead_letters)
        door = build(settings, logger=Logger(service=str(uuid.uuid4()), stream=self.log))
        answer = door(sqs_event(list(bodies)), None)
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def kept(self, day: date) -> list[ArchivedEvent]:
        """The events of a day."""
        return [found for key in self.archive.keys(day) for found in self.archive.read(key)]


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def test_an_event_is_kept_as_it_was_told(world: World) -> None:
    assert world.run(event(1), event(2)) == []
    assert sorted(one.body for one in world.kept(NOON.date())) == sorted([event(1), event(2)])


def test_an_event_is_kept_with_its_own_day_in_utc(world: World) -> None:
    late = datetime.fromisoformat("2026-11-22T00:30:00+01:00")
    world.run(event(1), event(2, datetime(2026, 11, 22, 0, 30, tzinfo=UTC)), event(3, late))
    assert {one.body for one in world.kept(date(2026, 11, 21))} == {event(1), event(3, late)}
    assert len(world.kept(date(2026, 11, 22))) == 1


def test_a_batch_that_comes_again_changes_nothing(world: World) -> None:
    world.run(event(1), event(2))
    before = objects("archive")
    world.run(event(2), event(1), event(1))
    assert objects("archive") == before


def test_a_type_that_nobody_knows_yet_is_kept(world: World) -> None:
    newer = '{"id":"x","type":"VaccinationRecorded",\r\n"occurred_at":"2026-11-21T08:00:00Z"}'
    world.run(newer)
    (kept,) = world.kept(NOON.date())
    assert (kept.type, json.loads(kept.body)) == ("VaccinationRecorded", json.loads(newer))


def test_what_is_no_event_dies_and_costs_the_others_nothing(world: World) -> None:
    assert world.run("CANARY", event(1), '{"id":"x","type":"T","occurred_at":"2026-11-21"}') == []
    assert len(world.kept(NOON.date())) == 1
    assert len(drained(world.dead_letters)) == 2
    assert "CANARY" not in world.log.getvalue()


def test_what_the_bucket_does_not_take_is_delivered_again(world: World) -> None:
    aws.s3().delete_bucket(Bucket="archive")
    assert world.run(event(1), "CANARY", event(2)) == ["0", "2"]


@pytest.mark.parametrize("left", [0, 10, -1])
def test_an_object_that_ends_early_is_told_and_not_taken_for_all(world: World, left: int) -> None:
    world.run(event(1), event(2))
    (key,) = world.archive.keys(NOON.date())
    whole = aws.s3().get_object(Bucket="archive", Key=key)["Body"].read()
    for damaged in (whole[:left], whole[:40] + bytes(20)):
        aws.s3().put_object(Bucket="archive", Key=key, Body=damaged)
        with pytest.raises(Rejected) as refused:
            world.kept(NOON.date())
        assert refused.value.code == "archive-damaged"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_archived(world: World, sample: Path) -> None:
    bodies = [record["body"] for record in json.loads(sample.read_text())["Records"]]
    assert world.run(*bodies) == []
    assert len(objects("archive")) == 1
