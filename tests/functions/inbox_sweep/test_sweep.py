"""A file that nobody will finish is answered with what is missing."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from inbox_sweep.handler import build
from inbox_sweep.settings import Settings
from tests.functions.resources import create_bucket, create_files_table, items, objects
from vigie import aws
from vigie.acknowledgement import (
    Answered,
    Entry,
    EntryOutcome,
    Fragment,
    FragmentStore,
    Outbox,
    Verdict,
)
from vigie.errors import Unavailable
from vigie.inbox import FilePart, FileStore, FileSummary, InboxFile
from vigie.inbox.file_record import from_item
from vigie.results.reading import Envelope

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = "750000001/a.csv"
OPEN_MINUTES = 165
PARTS = (FilePart(10, 100, 1, 2), FilePart(100, 200, 5, 6), FilePart(200, 250, 9, 10))


class World:
    """The files of a test and the sweep."""

    def __init__(self) -> None:
        create_bucket("outbox")
        create_bucket("workspace")
        create_files_table()
        self.files = FileStore(aws.dynamodb(), "files")
        self.fragments = FragmentStore(aws.s3(), "workspace")
        self.log = io.StringIO()

    def received(
        self,
        version: str = "v1",
        *,
        key: str = KEY,
        done: tuple[int, ...] = (1, 3),
        cut_at: datetime = NOON,
        file_format: str = "csv",
    ) -> InboxFile:
        """A file of three parts, of which some left their fragment."""
        file = InboxFile(
            bucket="inbox",
            key=key,
            version_id=version,
            size=250,
            received_at=NOON,
            sequencer=version,
        )
        self.files.open(file, now=NOON, retention=timedelta(days=90))
        self.files.note_parts(file.file_id, file_format, PARTS, now=cut_at)
        for part in done:
            self.finish(file, part)
        return file

    def finish(self, file: InboxFile, part: int) -> None:
        """Leave the fragment of a part: one item accepted, one rejected."""
        entry = Entry(ordinal=str(part), place="line 1", outcome=EntryOutcome.REJECTED)
        counts = {EntryOutcome.ACCEPTED: 1, EntryOutcome.REJECTED: 1}
        self.fragments.put(file.file_id, part, Fragment(counts=counts, entries=(entry,)))
        self.files.note_done(file.file_id, part)

    def sweep(self, minutes: int = OPEN_MINUTES + 1) -> None:
        """Run the function so long after noon."""
        settings = Settings(
            files_table="files",
            outbox_bucket="outbox",
            workspace_bucket="workspace",
            open_minutes=OPEN_MINUTES,
        )
        logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        build(settings, logger=logger, now=lambda: NOON + timedelta(minutes=minutes))({}, None)


def counted(item: dict[str, Any]) -> dict[str, int]:
    """What the record of a file says of its items."""
    summary = from_item(item).summary
    assert summary is not None
    return {outcome.value: number for outcome, number in summary.counts.items()}


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def test_the_missing_parts_are_told_beside_what_is_known(world: World) -> None:
    world.received()
    world.sweep()
    told = json.loads(objects("outbox")[f"{KEY}.ack.json"])
    assert told["state"] == "incomplete"
    assert told["missing"] == [{"part": 2, "first_byte": 100, "last_byte": 199}]
    assert told["summary"]["items"] == 4
    assert [entry["ordinal"] for entry in told["entries"]] == ["1", "3"]
    sheet = objects("outbox")[f"{KEY}.ack.csv"].decode("utf-8-sig")
    assert ";bytes 100-199;missing;" in sheet
    (item,) = items("files")
    assert item["state"]["S"] == "incomplete"
    assert "open_shard" not in item
    assert counted(item) == {"accepted": 2, "rejected": 2}


def test_messages_that_were_read_have_their_answers(world: World) -> None:
    file = world.received(done=(), file_format="hl7v2")
    message = Answered(number=3, verdict=Verdict.ACCEPTED, envelope=Envelope(control_id="M3"))
    fragment = Fragment(counts={}, verdicts={Verdict.ACCEPTED: 1}, messages=(message,))
    world.fragments.put(file.file_id, 1, fragment)
    world.files.note_done(file.file_id, 1)
    world.sweep()
    answer = objects("outbox")[f"{KEY}.ack.hl7"].decode()
    assert "\rMSA|AA|M3\r" in answer
    assert answer.endswith("BTS|1|could not be read, send again: bytes 100-199, bytes 200-249\r")


def test_a_file_that_was_never_read_is_missing_as_a_whole(world: World) -> None:
    file = InboxFile(bucket="inbox", key=KEY, size=250, received_at=NOON)
    world.files.open(file, now=NOON, retention=timedelta(days=90))
    world.sweep()
    told = json.loads(objects("outbox")[f"{KEY}.ack.json"])
    assert told["missing"] == [{"part": 1, "first_byte": 0, "last_byte": 249}]
    assert told["summary"]["items"] == 0


def test_a_file_that_may_still_be_retried_is_left_alone(world: World) -> None:
    world.received()
    world.sweep(minutes=OPEN_MINUTES)
    assert objects("outbox") == {}
    assert items("files")[0]["state"]["S"] == "received"


def test_the_retries_of_parts_begin_when_the_file_is_cut(world: World) -> None:
    world.received(cut_at=NOON + timedelta(minutes=120))
    world.sweep(minutes=120 + OPEN_MINUTES)
    assert objects("outbox") == {}
    world.sweep(minutes=121 + OPEN_MINUTES)
    assert json.loads(objects("outbox")[f"{KEY}.ack.json"])["state"] == "incomplete"


def test_a_file_that_was_acknowledged_is_left_alone(world: World) -> None:
    file = world.received()
    world.files.note_acknowledged(file.file_id, "csv", FileSummary(counts={}))
    world.sweep()
    assert objects("outbox") == {}


def test_a_file_whose_join_died_is_joined(world: World) -> None:
    world.received(done=(1, 2, 3))
    world.sweep()
    told = json.loads(objects("outbox")[f"{KEY}.ack.json"])
    assert (told["state"], told["summary"]["items"]) == ("complete", 6)
    (item,) = items("files")
    assert item["state"]["S"] == "acknowledged"
    assert counted(item) == {"accepted": 3, "rejected": 3}


def test_a_full_answer_that_came_meanwhile_stays(world: World) -> None:
    file = world.received()
    outbox = Outbox(aws.s3(), "outbox")
    outbox.put(file, ".ack.json", io.BytesIO(b"full"), content_type="x", complete=True)
    world.sweep()
    assert objects("outbox")[f"{KEY}.ack.json"] == b"full"


def test_the_answer_about_an_older_version_of_the_path_does_not_stay(world: World) -> None:
    world.received("v0")
    world.sweep()
    world.received("v1")
    world.sweep()
    assert json.loads(objects("outbox")[f"{KEY}.ack.json"])["file"]["version_id"] == "v1"


def test_the_answer_about_a_newer_version_of_the_path_stays(world: World) -> None:
    world.received("v1")
    world.sweep()
    world.received("v0", done=(1, 2, 3))
    world.received("v0.5")
    world.sweep()
    told = json.loads(objects("outbox")[f"{KEY}.ack.json"])
    assert (told["file"]["version_id"], told["state"]) == ("v1", "incomplete")
    assert not [item for item in items("files") if "open_shard" in item]


def test_a_path_without_room_for_a_suffix_does_not_stay_open(world: World) -> None:
    key = "750000001/" + "x" * 1014
    file = InboxFile(bucket="inbox", key=key, size=250, received_at=NOON)
    world.files.open(file, now=NOON, retention=timedelta(days=90))
    world.sweep()
    assert [item["state"]["S"] for item in items("files")] == ["incomplete"]
    assert len(objects("outbox")) == 2


def test_a_file_that_fails_does_not_cost_the_others_and_is_heard_of(world: World) -> None:
    broken, fine = world.received("v1", done=(1,)), world.received("v2", done=())
    aws.s3().delete_object(Bucket="workspace", Key=f"{broken.file_id}/1.json")
    with pytest.raises(Unavailable):
        world.sweep()
    assert world.files.get(broken.file_id).state == "received"
    assert world.files.get(fine.file_id).state == "incomplete"
    codes = [json.loads(line)["message"] for line in world.log.getvalue().splitlines()]
    assert sorted(codes) == ["missing-told", "sweep-failed", "swept"]
    assert KEY not in world.log.getvalue()
