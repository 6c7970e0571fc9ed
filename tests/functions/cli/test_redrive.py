"""The operator's command sends dead letters back, and shows nothing that a message says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from cli import dead_letters
from cli.main import app
from tests.functions.resources import create_queue, drained
from vigie import aws
from vigie.consumer import DeadLetters
from vigie.errors import Rejected
from vigie.events.bundle import bundled
from vigie.inbox import InboxFile, notification_of
from vigie.message_queue import MessageQueue

RESULT = "750712184-mfrggzdfmztwq2lknnwg23tpoa"
BODY = json.dumps({"type": "ResultRecorded", "result_id": RESULT, "person": "CANARY"})
FILE = InboxFile(
    bucket="inbox", key="750712184/CANARY.hl7", size=1, received_at="2026-11-23T08:00:00Z"
)


class Queues:
    """A consumer's queue and its two dead-letter queues."""

    def __init__(self) -> None:
        self.queue = create_queue("vigie-test-signing")
        self.dead = create_queue("vigie-test-signing-dead-letters")
        self.undelivered = create_queue("vigie-test-signing-subscription-dead-letters")

    def bury(self, body: str = BODY, reason: str = "disease-unknown", earlier: str = "") -> None:
        """What a function does with a message that can never succeed."""
        DeadLetters(aws.sqs(), self.dead).bury(body, Rejected(reason, "so"), earlier=earlier)

    def redriven(self) -> list[tuple[str, dict[str, str]]]:
        """Body and attributes of all messages of the consumer's queue."""
        answer = aws.sqs().receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            (one["Body"], {k: v["StringValue"] for k, v in one["MessageAttributes"].items()})
            for one in answer.get("Messages", [])
        ]


@pytest.fixture
def queues(mocked_aws: None, monkeypatch: pytest.MonkeyPatch) -> Queues:  # noqa: ARG001 - the account
    # An empty queue of the test is empty at the first look.
    monkeypatch.setattr(dead_letters, "WAIT_SECONDS", 0)
    return Queues()


def run(*options: str) -> tuple[int, str]:
    """Run the command."""
    arguments = ["redrive", "--environment", "test", "--queue", "signing", *options]
    answer = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    return answer.exit_code, re.sub(r" +", " ", answer.output)


def test_a_dead_letter_goes_back_with_why_it_died(queues: Queues) -> None:
    queues.bury(earlier="table-throttled")
    status, shown = run()
    assert status == 0
    assert queues.redriven() == [(BODY, {"earlier_reasons": "table-throttled disease-unknown"})]
    assert drained(queues.dead) == []
    assert f"result {RESULT} │ disease-unknown │ table-throttled" in shown
    assert "CANARY" not in shown


def test_a_dry_run_changes_nothing(queues: Queues) -> None:
    queues.bury()
    assert "1 would be sent back" in run("--dry-run")[1]
    assert queues.redriven() == []
    assert drained(queues.dead) == [BODY]


def test_only_one_reason_goes_back_where_one_is_asked_for(queues: Queues) -> None:
    queues.bury()
    queues.bury(notification_of(FILE).model_dump_json(by_alias=True), "inbox-prefix-unknown")
    shown = run("--reason", "inbox-prefix-unknown")[1]
    assert len(queues.redriven()) == 1
    assert drained(queues.dead) == [BODY]
    assert f"file {FILE.file_id}" in shown
    assert "CANARY" not in shown


def test_no_more_go_back_than_are_asked_for(queues: Queues) -> None:
    for number in range(12):
        queues.bury(json.dumps({"number": number}))
    assert "3 sent back" in run("--limit", "3")[1]
    assert len(drained(queues.queue)) == 3
    assert len(drained(queues.dead)) == 9


def test_a_message_of_several_events_is_sent_back_as_it_is(queues: Queues) -> None:
    (bundle,) = bundled([BODY, BODY])
    queues.bury(bundle)
    assert re.sub(r"\W+", " ", run("--dry-run")[1]).count("2 events first result 750712184") == 1
    assert run()[0] == 0
    assert queues.redriven()[0][0] == bundle


def test_a_message_that_died_of_tries_is_told_so(queues: Queues) -> None:
    aws.sqs().send_message(QueueUrl=queues.dead, MessageBody=BODY)
    assert "tried-too-often" in run()[1]
    assert queues.redriven() == [(BODY, {"earlier_reasons": "tried-too-often"})]


def test_what_sns_could_not_deliver_goes_to_the_queue_as_it_would_have_come(
    queues: Queues,
) -> None:
    typed: Any = {"type": {"DataType": "String", "StringValue": "ResultRecorded"}}
    aws.sqs().send_message(QueueUrl=queues.undelivered, MessageBody=BODY, MessageAttributes=typed)
    envelope = {
        "Type": "Notification",
        "Message": BODY,
        "MessageAttributes": {"type": {"Type": "String", "Value": "ResultRecorded"}},
    }
    aws.sqs().send_message(QueueUrl=queues.undelivered, MessageBody=json.dumps(envelope) + " ")
    assert "not-delivered" in run("--dry-run")[1]
    assert "1 sent back, 0 left, 1 died again or there twice" in run()[1]
    assert queues.redriven() == [
        (BODY, {"type": "ResultRecorded", "earlier_reasons": "not-delivered"})
    ]


def test_what_dies_at_once_is_not_sent_for_ever(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.bury()
    send = MessageQueue.send_messages

    def send_and_die(self: MessageQueue, messages: Any) -> None:  # noqa: ANN401 - as it is
        send(self, messages)
        queues.bury(earlier="disease-unknown")

    monkeypatch.setattr(MessageQueue, "send_messages", send_and_die)
    assert "1 sent back, 0 left, 1 died again" in run()[1]
    assert drained(queues.dead) == [BODY]


def test_a_crash_between_sending_and_deleting_sends_twice_and_loses_nothing(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.bury()

    def fail(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalError"}}, "DeleteMessageBatch")

    with monkeypatch.context() as patched:
        patched.setattr(aws.sqs(), "delete_message_batch", fail)
        status, shown = run()
    assert (status, "dead-letter-queue:InternalError" in shown) == (1, True)
    assert run()[0] == 0
    assert len(drained(queues.queue)) == 2
    assert drained(queues.dead) == []


def test_a_queue_that_is_not_there_is_named(queues: Queues) -> None:  # noqa: ARG001 - the account
    answer = CliRunner().invoke(app, ["redrive", "--environment", "test", "--queue", "nothing"])
    assert (answer.exit_code, "vigie-test-nothing" in answer.output) == (1, True)


@pytest.mark.parametrize(
    "body", ["CANARY", "[1]", "[" * 100_000, '{"result_id": "CANARY"}', '{"file_id": "CANARY"}']
)
def test_a_message_of_no_known_kind_is_shown_by_its_hash(queues: Queues, body: str) -> None:
    queues.bury(body)
    shown = run("--dry-run")[1]
    assert re.search(r"message [0-9a-f]{12} ", shown)
    assert "CANARY" not in shown
