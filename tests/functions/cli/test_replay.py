"""Archived events are told again to one consumer, as its subscription would, each once."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.replaying import Pace
from tests.functions.resources import create_bucket, create_queue, drained
from vigie import aws
from vigie.errors import Unavailable
from vigie.events.archive import EventArchive, read_event
from vigie.message_queue import MessageQueue

if TYPE_CHECKING:
    from pathlib import Path

DAY, NEXT = date(2026, 11, 21), date(2026, 11, 22)
SPAN = ("--from", "2026-11-21", "--to", "2026-11-22")


def event(number: int, day: date = DAY, kind: str = "ResultRecorded") -> str:
    """The body of an event."""
    return json.dumps({"id": f"{kind}-{number}", "type": kind, "occurred_at": f"{day}T08:00:00Z"})


class World:
    """An archive and a consumer that is subscribed to some types."""

    def __init__(self) -> None:
        create_bucket("archive")
        self.archive = EventArchive(aws.s3(), "archive")
        self.queue = create_queue("vigie-test-signing")
        self.other = create_queue("vigie-test-intake")
        topic = aws.sns().create_topic(Name="events")["TopicArn"]
        for path, value in (("buckets/events", "archive"), ("events-topic-arn", topic)):
            aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")
        attributes = {"RawMessageDelivery": "true", "FilterPolicy": '{"type": ["ResultRecorded"]}'}
        aws.sns().subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=aws.sqs().get_queue_attributes(
                QueueUrl=self.queue, AttributeNames=["QueueArn"]
            )["Attributes"]["QueueArn"],
            Attributes=attributes,
        )

    def keep(self, *bodies: str) -> None:
        """Archive what one delivery brought, all of one day."""
        events = [read_event(body) for body in bodies]
        self.archive.keep(events[0].day, events)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def run(*options: str, queue: str = "signing") -> tuple[int, str]:
    """Run the command."""
    arguments = ["replay", "--environment", "test", "--queue", queue, "--rate", "10000"]
    answer = CliRunner().invoke(app, [*arguments, *options], env={"COLUMNS": "200"})
    return answer.exit_code, answer.output


def test_a_consumer_gets_what_its_subscription_would_have_brought(world: World) -> None:
    world.keep(event(1), event(2, kind="CertificateIssued"))
    world.keep(event(3, NEXT))
    world.keep(event(4, date(2026, 11, 23)))
    assert run(*SPAN)[0] == 0
    answer = aws.sqs().receive_message(
        QueueUrl=world.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    received = {
        one["Body"]: {name: text["StringValue"] for name, text in one["MessageAttributes"].items()}
        for one in answer["Messages"]
    }
    assert received == {body: {"type": "ResultRecorded"} for body in (event(1), event(3, NEXT))}


def test_an_event_that_is_archived_twice_is_told_once(world: World) -> None:
    world.keep(event(1), event(2))
    world.keep(event(2), event(3))
    shown = run(*SPAN)[1]
    assert "3 events, 1 repetitions left out" in shown
    assert len(drained(world.queue)) == 3


def test_a_dry_run_counts_by_day_and_type_and_sends_nothing(world: World, tmp_path: Path) -> None:
    world.keep(event(1), event(2))
    world.keep(event(3, NEXT))
    journal = tmp_path / "journal"
    shown = run(*SPAN, "--dry-run", "--journal", str(journal))[1]
    lines = [line.split("│")[1:4] for line in shown.splitlines() if "ResultRecorded" in line]
    assert [[cell.strip() for cell in line] for line in lines] == [
        ["2026-11-21", "ResultRecorded", "2"],
        ["2026-11-22", "ResultRecorded", "1"],
    ]
    assert drained(world.queue) == []
    assert not journal.exists()


def test_a_run_that_was_stopped_goes_on_where_it_was(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.keep(*(event(number) for number in range(25)))
    world.keep(event(30, NEXT))
    journal = ("--journal", str(tmp_path / "journal"))
    send, calls = MessageQueue.send_messages, []

    def fail_at_the_last(self: MessageQueue, messages: Any) -> None:  # noqa: ANN401 - as it is
        calls.append(1)
        if len(calls) == 4:
            raise Unavailable("signing:Throttled")
        send(self, messages)

    with monkeypatch.context() as patched:
        patched.setattr(MessageQueue, "send_messages", fail_at_the_last)
        assert run(*SPAN, *journal)[0] == 1
    assert len(drained(world.queue)) == 25
    assert "1 events, 0 repetitions left out, 1 objects done before" in run(*SPAN, *journal)[1]
    assert drained(world.queue) == [event(30, NEXT)]
    assert "0 events" in run(*SPAN, *journal)[1]


def test_a_journal_serves_one_task(world: World, tmp_path: Path) -> None:
    world.keep(event(1))
    journal = ("--journal", str(tmp_path / "journal"))
    run(*SPAN, *journal)
    status, shown = run("--from", "2026-11-01", "--to", "2026-11-22", *journal)
    assert (status, "journal-of-another-task" in shown) == (1, True)


def test_a_queue_or_type_that_gets_no_events_is_refused(world: World) -> None:
    world.keep(event(1, kind="CertificateIssued"))
    status, shown = run(*SPAN, queue="intake")
    assert (status, "queue-not-subscribed" in shown) == (1, True)
    status, shown = run(*SPAN, "--type", "CertificateIssued")
    assert (status, "type-not-subscribed" in shown) == (1, True)
    assert drained(world.queue) == drained(world.other) == []


def test_no_more_go_a_second_than_may() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(100, clock=lambda: now[0], sleep=sleep)
    for _ in range(11):
        pace.wait(10)
    assert now[0] == pytest.approx(1.0)
    assert len(slept) == 10
