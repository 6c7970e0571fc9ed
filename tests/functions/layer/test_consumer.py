"""Each message of a batch ends done, dead with its reason, or back in the queue."""

import io
import json
import uuid
from collections.abc import Iterator

import boto3
import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws

from vigie.consumer import Consumer, DeadLetters
from vigie.errors import Rejected, Unavailable


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
    assert codes == ["rule-broken", "table:Throttled", "ValueError"]


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
