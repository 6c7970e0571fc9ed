"""What died, what was told and what was stored comes back, by the operator's own commands."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.flows.laboratory import LABORATORY, file_of, invented
from tests.system.waiting import until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.deployed import Deployed

_VIGIE = Path(sys.executable).with_name("vigie")
TESTS = 3


def vigie(*arguments: str, status: int = 0) -> str:
    """What the operator's command says; it is pointed at the emulator by the environment."""
    done = subprocess.run(  # noqa: S603 - our own command
        [str(_VIGIE), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def key(deployed: Deployed) -> str:
    """The key of a file with three results, all of which are stored and told of."""
    now = datetime.now(UTC)
    tests = [
        invented(number, sampled_at=now - timedelta(hours=6), reported_at=now - timedelta(hours=2))
        for number in range(700, 700 + TESTS)
    ]
    name = f"{LABORATORY}/{uuid.uuid4()}.csv"
    deployed.s3_of_laboratory(LABORATORY).put_object(
        Bucket=deployed.outputs["InboxBucket"], Key=name, Body=file_of(tests, "csv")
    )
    until(lambda: acknowledged(deployed, name))
    return name


def acknowledged(deployed: Deployed, key: str) -> list[str]:
    """The keys of a file's acknowledgements."""
    listed = boto3.client("s3").list_objects_v2(
        Bucket=deployed.outputs["OutboxBucket"], Prefix=f"{key}.ack"
    )
    return [found["Key"] for found in listed.get("Contents", [])]


def message(url: str) -> Any:  # noqa: ANN401 - as SQS gives it
    """A message of a queue, if there is one, which is gone from it then."""
    sqs = boto3.client("sqs")
    answer = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])
    for found in answer.get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=found["ReceiptHandle"])
        return found
    return None


def texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Attributes of a message by name."""
    return {name: one["StringValue"] for name, one in attributes.items()}


def test_a_new_consumer_is_told_what_was_told_before_it_came(
    deployed: Deployed,
    key: str,  # noqa: ARG001 - what was told
) -> None:
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    url = sqs.create_queue(QueueName="vigie-dev-newcomer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    subscription = sns.subscribe(
        TopicArn=deployed.outputs["EventsTopicArn"],
        Protocol="sqs",
        Endpoint=arn["Attributes"]["QueueArn"],
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicy": json.dumps({"type": ["ResultRecorded"]}),
        },
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    today = datetime.now(UTC).date()
    span = ("--from", str(today - timedelta(days=1)), "--to", str(today), "--queue", "newcomer")
    try:
        until(lambda: archived(vigie("replay", *span, "--dry-run")) >= TESTS)
        assert message(url) is None
        told = archived(vigie("replay", *span, "--rate", "1000"))
        first = until(lambda: message(url))
        assert json.loads(first["Body"])["type"] == "ResultRecorded"
        assert texts(first["MessageAttributes"]) == {"type": "ResultRecorded"}
        waiting = sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        assert int(waiting["Attributes"]["ApproximateNumberOfMessages"]) == told - 1
    finally:
        sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=url)


def archived(shown: str) -> int:
    """How many events a run of the command counted."""
    return int(shown.splitlines()[-1].split()[0])


def test_what_died_is_shown_sent_back_and_dies_with_its_history(deployed: Deployed) -> None:
    sqs, dead = boto3.client("sqs"), deployed.outputs["SigningDeadLettersUrl"]
    sqs.send_message(QueueUrl=dead, MessageBody='{"type": "Nonsense", "person": "CANARY"}')
    shown = vigie("redrive", "--queue", "signing", "--dry-run")
    assert "signing-dead-letters: 1 would be sent back" in shown
    assert "tried-too-often" in shown
    assert "CANARY" not in shown
    vigie("redrive", "--queue", "signing")
    again = until(lambda: message(dead))
    assert texts(again["MessageAttributes"]) == {
        "reason": "event-unknown",
        "earlier_reasons": "tried-too-often",
    }


def test_a_file_whose_record_is_lost_is_read_again(deployed: Deployed, key: str) -> None:
    dynamodb, table = boto3.client("dynamodb"), deployed.outputs["FilesTable"]
    items = [
        item
        for page in dynamodb.get_paginator("scan").paginate(TableName=table)
        for item in page["Items"]
        if json.loads(item["file"]["S"])["key"] == key
    ]
    (record,) = items
    named: Any = {"file_id": record["file_id"]}
    dynamodb.delete_item(TableName=table, Key=named)
    now = datetime.now(UTC)
    boto3.client("sqs").send_message(
        QueueUrl=deployed.outputs["InboxCheckQueueUrl"],
        MessageBody=json.dumps(
            {
                "type": "LaboratoryCheck",
                "laboratory": LABORATORY,
                "since": (now - timedelta(days=1)).isoformat(),
                "until": (now + timedelta(days=1)).isoformat(),
            }
        ),
    )
    again = until(
        lambda: dynamodb.get_item(TableName=table, Key=named, ConsistentRead=True).get("Item")
    )
    assert json.loads(again["file"]["S"])["key"] == key


def test_the_schedule_hands_out_every_laboratory(deployed: Deployed, key: str) -> None:  # noqa: ARG001 - of one laboratory
    answer = boto3.client("lambda").invoke(
        FunctionName="vigie-dev-inbox-check", Payload=b'{"days_back": 1}'
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
    url = deployed.outputs["InboxCheckQueueUrl"]
    attributes: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def empty() -> bool:
        answer = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=attributes)
        return not any(int(number) for number in answer["Attributes"].values())

    assert until(empty)
    assert message(f"{url}-dead-letters") is None


def test_a_table_is_restored_protected_and_compared(
    deployed: Deployed,
    key: str,  # noqa: ARG001 - what is in the table
) -> None:
    target = f"{deployed.outputs['ResultsTable']}-{uuid.uuid4().hex[:8]}"
    table = ("--table", "results", "--target", target)
    vigie("restore", "table", *table)
    vigie("restore", "protect", *table)
    now = datetime.now(UTC)
    days = ("--from", str(now.date() - timedelta(days=1)), "--to", str(now.date()))
    # The emulator copies a table at once, and as it is.
    moment = ("--to-time", (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S"))
    assert "absent" in vigie("restore", "check", *table, *days, *moment)
    lost = take_out(target)
    assert f"absent {lost}" in vigie("restore", "check", *table, *days, *moment, status=1)


def take_out(table: str) -> str:
    """Take a result out of a table, and name it."""
    dynamodb = boto3.client("dynamodb")
    result_id = dynamodb.scan(TableName=table, Limit=1)["Items"][0]["result_id"]
    dynamodb.delete_item(TableName=table, Key={"result_id": result_id})
    return result_id["S"]
