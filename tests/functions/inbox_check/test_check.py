"""A file that the intake was never told of is found, and told of as S3 would have."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger

from inbox_check.handler import Door, build
from inbox_check.inbox_listing import InboxListing
from inbox_check.settings import Settings
from result_intake.messages import parse_message
from tests.functions.resources import (
    create_bucket,
    create_files_table,
    create_queue,
    drained,
    sqs_event,
)
from vigie import aws
from vigie.errors import Unavailable
from vigie.inbox import FileStore, InboxFile, LaboratoryCheck, S3Notification
from vigie.inbox.file_summary import FileSummary
from vigie.message_queue import Message, MessageQueue

KEY = "750000001/Durand Jeanne+1.csv"
OTHER = "2A0000002/b.hl7"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
RETRIES = timedelta(minutes=165)
EVENTS = Path(__file__).parents[3] / "events" / "inbox_check"


class World:
    """The inbox of a test and its check."""

    def __init__(self) -> None:
        create_bucket("inbox", versioned=True)
        create_files_table()
        self.files = FileStore(aws.dynamodb(), "files")
        self.intake = create_queue("intake")
        self.own, self.dead_letters = create_queue("check"), create_queue("dead")
        self.log = io.StringIO()
        self.settings = Settings(
            files_table="files",
            inbox_bucket="inbox",
            intake_queue_url=self.intake,
            check_queue_url=self.own,
            dead_letters_url=self.dead_letters,
            retry_minutes=int(RETRIES.total_seconds() / 60),
            apart_seconds=0,
        )

    def stored(self, key: str = KEY, body: bytes = b"a") -> InboxFile:
        """A file of the inbox, without a record."""
        version = aws.s3().put_object(Bucket="inbox", Key=key, Body=body)["VersionId"]
        return InboxFile(
            bucket="inbox",
            key=key,
            version_id=version,
            size=len(body),
            received_at=aws.s3().head_object(Bucket="inbox", Key=key)["LastModified"],
        )

    def recorded(self, key: str = KEY) -> InboxFile:
        """A file of the inbox that the intake knows."""
        file = self.stored(key)
        self.files.open(file, now=file.received_at, retention=timedelta(days=90))
        return file

    def check(
        self, after: timedelta = RETRIES + timedelta(minutes=1), days_back: int | None = None
    ) -> list[str]:
        """Run the function so long after the present, on the schedule and then on its queue.

        Returns:
            What the intake queue was told.
        """
        door = self.door(after)
        door({} if days_back is None else {"days_back": days_back}, None)
        answer = door(sqs_event(drained(self.own)), None)
        assert answer == {"batchItemFailures": []}
        return drained(self.intake)

    def door(self, after: timedelta = timedelta()) -> Door:
        """The function, so long after the present."""
        logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        return build(self.settings, logger=logger, now=lambda: datetime.now(UTC) + after)

    def codes(self) -> list[str]:
        """What was logged."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def files_of(bodies: list[str]) -> list[InboxFile]:
    """The files that the intake reads from messages."""
    messages = [parse_message(body) for body in bodies]
    read = [one.records[0].file for one in messages if isinstance(one, S3Notification)]
    return [file for file in read if file is not None]


def test_a_file_without_a_record_is_told_of_as_s3_would_have(world: World) -> None:
    world.recorded(OTHER)
    lost = world.stored()
    assert files_of(world.check()) == [lost]
    assert "file-sent-again" in world.codes()
    assert "Durand" not in world.log.getvalue()


def test_a_file_that_the_intake_knows_is_left_alone(world: World) -> None:
    world.recorded()
    world.recorded(OTHER)
    assert world.check() == []


def test_an_older_version_of_a_path_is_a_file_of_its_own(world: World) -> None:
    lost = world.stored(body=b"first")
    world.recorded()
    assert files_of(world.check()) == [lost]


def test_a_file_that_may_still_be_retried_is_left_alone(world: World) -> None:
    world.stored()
    assert world.check(after=RETRIES - timedelta(minutes=1)) == []


def test_files_of_older_days_are_looked_at_when_an_operator_asks(world: World) -> None:
    lost = world.stored()
    assert world.check(after=timedelta(days=10)) == []
    assert files_of(world.check(after=timedelta(days=10), days_back=11)) == [lost]


def test_folders_and_prefixes_of_nobody_are_no_files(world: World) -> None:
    world.stored("750000001/folder/", b"")
    world.stored("somewhere/else.csv")
    world.stored("bare.csv")
    assert world.check() == []
    assert "prefix-unknown" in world.codes()


def test_more_files_than_one_look_up_takes_are_all_looked_at(world: World) -> None:
    lost = {world.stored(f"750000001/{number}.csv").file_id for number in range(103)}
    world.recorded("750000001/known.csv")
    assert {file.file_id for file in files_of(world.check())} == lost


def test_files_are_told_of_in_the_order_of_their_arrival_and_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = [world.stored(f"750000001/{name}.csv") for name in ("z", "m", "a")]
    sent: list[Message] = []
    monkeypatch.setattr(MessageQueue, "send_messages", lambda _, messages: sent.extend(messages))
    monkeypatch.setattr(InboxListing, "files", lambda *_: reversed(_a_minute_apart(arrived)))
    world.settings = world.settings.model_copy(update={"apart_seconds": 10})
    message = LaboratoryCheck(laboratory="750000001", since=NOON, until=NOON + timedelta(hours=1))
    world.door()(sqs_event([message.model_dump_json()]), None)
    assert [file.key for file in files_of([one.body for one in sent])] == [
        file.key for file in arrived
    ]
    assert [one.delay_seconds for one in sent] == [0, 10, 20]


def _a_minute_apart(files: list[InboxFile]) -> list[InboxFile]:
    return [
        file.model_copy(update={"received_at": NOON + timedelta(minutes=place)})
        for place, file in enumerate(files)
    ]


def test_files_that_were_refused_are_told_of_where_that_is_asked_for(world: World) -> None:
    waiting, known = world.recorded(), world.recorded(OTHER)
    world.files.note_refused(waiting.file_id, FileSummary(counts={}))
    world.files.note_acknowledged(known.file_id, None, FileSummary(counts={}))
    for refused, told in ((False, []), (True, [waiting])):
        for file in (waiting, known):
            check = LaboratoryCheck(
                laboratory=file.laboratory,
                since=file.received_at - timedelta(hours=1),
                until=file.received_at + timedelta(hours=1),
                refused=refused,
            )
            world.door()(sqs_event([check.model_dump_json()]), None)
        assert files_of(drained(world.intake)) == told


def test_what_the_table_does_not_answer_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.recorded()
    unanswered = {"UnprocessedKeys": {"files": {"Keys": [{"file_id": {"S": "x"}}]}}}
    monkeypatch.setattr(aws.dynamodb(), "batch_get_item", lambda **_: unanswered)
    with pytest.raises(Unavailable):
        world.files.states(["x"])


@pytest.mark.parametrize("name", ["schedule", "laboratory"])
def test_the_samples_are_understood(world: World, name: str) -> None:
    answer = world.door()(json.loads((EVENTS / f"{name}.json").read_text()), None)
    assert answer in (None, {"batchItemFailures": []})
    assert drained(world.dead_letters) == []
