"""Each message of a batch ends done, dead with its reason, or back in the queue."""

from __future__ import annotations

import io
import json
import uuid
from typing import TYPE_CHECKING

import boto3
import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws

from vigie.consumer import BatchConsumer, Consumer, DeadLetters
from vigie.errors import Rejected, Unavailable
from vigie.events.bundle import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_sqs.type_defs import MessageTypeDef


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    with mock_aws():
        yield


def _handle(body: str) -> None:
    if body == "rejected":
        raise Rejected("rule-broken", "the rule says so")
    if body == "unavailable":
        raise Unavailable("table:Throttled")
    if body == "CANARY":
        raise ValueError(body)


def test_what_a_batch_leaves_undone_sends_back_all_but_the_dead() -> None:
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="dead")["QueueUrl"]

    def finish() -> None:
        raise Unavailable("topic:Throttled")

    logger = Logger(service=str(uuid.uuid4()), stream=io.StringIO(), level="DEBUG")
    consumer = Consumer(_handle, DeadLetters(sqs, queue_url), logger, finish)
    bodies = ("fine", "rejected", "unavailable")
    answer = consumer({"Records": [{"messageId": body, "body": body} for body in bodies]}, None)
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert failed == ["fine", "unavailable"]


def test_every_message_ends_where_it_must() -> None:
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    log = io.StringIO()
    consumer = Consumer(
        _handle,
        DeadLetters(sqs, queue_url),
        Logger(service=str(uuid.uuid4()), stream=log, level="DEBUG"),
    )
    bodies = ("fine", "rejected", "unavailable", "CANARY")
    answer = consumer(
        {
            "Records": [
                {"messageId": body, "body": body, "eventSource": "aws:sqs", "receiptHandle": "r"}
                for body in bodies
            ]
        },
        None,
    )
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == [
        "unavailable",
        "CANARY",
    ]
    dead = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert [(m["Body"], m["MessageAttributes"]["reason"]["StringValue"]) for m in dead] == [
        ("rejected", "rule-broken")
    ]
    assert "CANARY" not in log.getvalue()
    codes = [json.loads(line)["reason"] for line in log.getvalue().splitlines()]
    assert codes == ["ValueError", "rule-broken", "table:Throttled", "unforeseen:ValueError"]


def test_a_message_that_dies_again_keeps_why_it_died_before() -> None:
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    consumer = Consumer(
        _handle, DeadLetters(sqs, queue_url), Logger(service="test", stream=io.StringIO())
    )
    redriven = {
        "messageId": "1",
        "body": "rejected",
        "eventSource": "aws:sqs",
        "receiptHandle": "r",
        "messageAttributes": {
            "earlier_reasons": {"stringValue": "disease-unknown", "dataType": "String"}
        },
    }
    consumer({"Records": [redriven]}, None)
    (dead,) = sqs.receive_message(QueueUrl=queue_url, MessageAttributeNames=["All"])["Messages"]
    assert {name: one["StringValue"] for name, one in dead["MessageAttributes"].items()} == {
        "reason": "rule-broken",
        "earlier_reasons": "disease-unknown",
    }


class _Bundles:
    """Bundles of events by number, some of which cannot be handled."""

    def __init__(self, failing: dict[int, Exception], *, side_by_side: int = 1) -> None:
        self.failing = failing
        self.handled: list[int] = []
        self.log = io.StringIO()
        self._sqs = boto3.client("sqs")
        self._dead = self._sqs.create_queue(QueueName="dead")["QueueUrl"]
        self.consumer = Consumer(
            self._handle,
            DeadLetters(self._sqs, self._dead),
            Logger(service=str(uuid.uuid4()), stream=self.log),
            side_by_side=side_by_side,
        )

    def deliver(self, *messages: tuple[int, ...]) -> list[str]:
        """The places of the messages that go back."""
        bodies = ["".join(bundled(map(event, numbers))) for numbers in messages]
        records = [
            {"messageId": str(place), "body": body, "messageAttributes": EARLIER}
            for place, body in enumerate(bodies)
        ]
        answer = self.consumer({"Records": records}, None)
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def dead(self) -> list[tuple[str, str, str]]:
        """Body, reason and earlier reasons of each dead letter."""
        answer = self._sqs.receive_message(
            QueueUrl=self._dead, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            (letter["Body"], _said(letter, "reason"), _said(letter, "earlier_reasons"))
            for letter in answer.get("Messages", [])
        ]

    def _handle(self, body: str) -> None:
        number = json.loads(body)["number"]
        self.handled.append(number)
        if number in self.failing:
            raise self.failing[number]


EARLIER = {"earlier_reasons": {"stringValue": "earlier", "dataType": "String"}}


def _said(letter: MessageTypeDef, name: str) -> str:
    return letter["MessageAttributes"][name]["StringValue"]


def event(number: int) -> str:
    """An event, as it is sent alone."""
    return f'{{"id":"{uuid.UUID(int=number)}","number":{number}}}'


@pytest.mark.parametrize("culprit", [ValueError("CANARY"), Rejected("rule-broken", "")])
def test_a_batch_that_fails_by_one_event_is_done_but_for_that_event(culprit: Exception) -> None:
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    done: list[str] = []

    def handle(bodies: Sequence[str]) -> list[None]:
        if event(3) in bodies:
            raise culprit
        done.extend(bodies)
        return [None] * len(bodies)

    log = io.StringIO()
    logger = Logger(service=str(uuid.uuid4()), stream=log)
    consumer = BatchConsumer(handle, DeadLetters(sqs, queue_url), logger)
    bodies = [event(number) for number in range(6)]
    records = [{"messageId": str(place), "body": body} for place, body in enumerate(bodies)]
    answer = consumer({"Records": records}, None)
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    dead = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
    expected = ([], [event(3)]) if isinstance(culprit, Rejected) else (["3"], [])
    assert (failed, [letter["Body"] for letter in dead]) == expected
    assert done == [body for body in bodies if body != event(3)]
    assert "CANARY" not in log.getvalue()


def test_an_event_whose_id_is_a_number_stops_nobody() -> None:
    bundles = _Bundles({})
    records = [{"messageId": "0", "body": '{"id":5,"number":1}'}]
    bundles.failing[1] = Unavailable("table:Throttled")
    assert bundles.consumer({"Records": records}, None)["batchItemFailures"]


@pytest.mark.parametrize("side_by_side", [1, 4])
def test_an_event_that_is_rejected_dies_alone(side_by_side: int) -> None:
    bundles = _Bundles({2: Rejected("rule-broken", "")}, side_by_side=side_by_side)
    assert bundles.deliver((1, 2, 3), (4,)) == []
    assert sorted(bundles.handled) == [1, 2, 3, 4]
    assert bundles.dead() == [(event(2), "rule-broken", "earlier")]
    (told,) = map(json.loads, bundles.log.getvalue().splitlines())
    assert (told["event"], told["place"], told["reason"]) == (
        str(uuid.UUID(int=2)),
        "events[1]",
        "rule-broken",
    )


def test_an_event_to_be_tried_again_sends_its_message_back_and_no_other() -> None:
    failing: dict[int, Exception] = {2: Rejected("rule-broken", ""), 3: ValueError("CANARY")}
    bundles = _Bundles(failing)
    assert bundles.deliver((1, 2, 3, 4), (5, 6)) == ["0"]
    assert bundles.handled == [1, 2, 3, 4, 5, 6]
    # It would be put aside once for each try of the message.
    assert bundles.dead() == []
    del failing[3]
    assert bundles.deliver((1, 2, 3, 4)) == []
    assert [body for body, *_ in bundles.dead()] == [event(2)]
    assert "CANARY" not in bundles.log.getvalue()


def test_a_whole_batch_is_handed_over_at_once_and_answered_event_by_event() -> None:
    given: list[list[str]] = []

    def handle(bodies: Sequence[str]) -> list[Unavailable | None]:
        given.append(list(bodies))
        return [None, None, Unavailable("table:Throttled")]

    consumer = BatchConsumer(
        handle, DeadLetters(boto3.client("sqs"), ""), Logger(stream=io.StringIO())
    )
    (bundle,) = bundled([event(1), event(2)])
    records = [{"messageId": "a", "body": bundle}, {"messageId": "b", "body": event(3)}]
    assert consumer({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "b"}]}
    assert given == [[event(1), event(2), event(3)]]
