"""A laboratory that sends mostly what is rejected is named in the alarms topic."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest

from demo.morning import LABORATORIES
from infra.environments import EMULATOR_ACCOUNT
from infra.local.gateway import REGION
from tests.flows.laboratory import file_of, invented
from tests.system.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.deployed import Deployed

# More than all that the demonstration has of this laboratory.
REJECTED = 400
FINESS = LABORATORIES[2].finess


@pytest.fixture
def heard(deployed: Deployed) -> Iterator[str]:  # noqa: ARG001 - where the topic is
    """URL of a queue that hears the alarms as people do."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    name = f"vigie-dev-heard-{uuid.uuid4().hex[:8]}"
    arn = f"arn:aws:sqs:{REGION}:{EMULATOR_ACCOUNT}:{name}"
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": _may_be_told(arn)})["QueueUrl"]
    subscription = sns.subscribe(
        TopicArn=_alarms_topic(), Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    yield url
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=url)


def _may_be_told(queue: str) -> str:
    """A policy that lets SNS deliver to a queue."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _alarms_topic() -> str:
    pages = boto3.client("sns").get_paginator("list_topics").paginate()
    arns = (topic["TopicArn"] for page in pages for topic in page["Topics"])
    return next(arn for arn in arns if arn.endswith(":vigie-dev-alarms"))


def test_who_sends_mostly_rejects_is_named_once(deployed: Deployed, heard: str) -> None:
    now = datetime.now(UTC)
    future = now + timedelta(days=30)
    tests = [
        invented(number, sampled_at=future, reported_at=future)
        for number in range(9000, 9000 + REJECTED)
    ]
    key = f"{FINESS}/{uuid.uuid4()}.csv"
    deployed.s3_of_laboratory(FINESS).put_object(
        Bucket=deployed.outputs["InboxBucket"], Key=key, Body=file_of(tests, "csv")
    )
    assert until(lambda: _answer(deployed, key))["summary"]["rejected"] == REJECTED
    _watch()
    told = until(lambda: _message(heard, FINESS))
    assert told["Subject"] == f"vigie-dev: laboratory {FINESS} sends mostly what is rejected"
    assert f"laboratory: {FINESS}\nreason: rejects\nstate: begun\n" in told["Message"]
    assert "rule that refused most: " in told["Message"]
    assert key.partition("/")[2] not in told["Message"]
    _watch()
    url = deployed.outputs["WatchQueueUrl"]
    assert until(lambda: _empty(url))
    assert _message(heard, FINESS) is None


def _answer(deployed: Deployed, key: str) -> dict[str, dict[str, int]] | None:
    s3, outbox = boto3.client("s3"), deployed.outputs["OutboxBucket"]
    found = s3.list_objects_v2(Bucket=outbox, Prefix=f"{key}.ack.json").get("Contents")
    if not found:
        return None
    told: dict[str, dict[str, int]] = json.loads(
        s3.get_object(Bucket=outbox, Key=f"{key}.ack.json")["Body"].read()
    )
    return told


def _watch() -> None:
    answer = boto3.client("lambda").invoke(FunctionName="vigie-dev-laboratory-watch", Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def _message(url: str, finess: str) -> dict[str, str] | None:
    """A notification about a laboratory, if one has come; others are let go."""
    messages = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    for message in messages.get("Messages", []):
        told: dict[str, str] = json.loads(message["Body"])
        if finess in told["Message"]:
            return told
    return None


def _empty(url: str) -> bool:
    answer = boto3.client("sqs").get_queue_attributes(
        QueueUrl=url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    return not any(int(number) for number in answer["Attributes"].values())
