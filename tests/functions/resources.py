"""Resources of AWS as the tests need them, and what is in them afterwards."""

from __future__ import annotations

from typing import Any

from vigie import aws
from vigie.events.bundle import unbundled


def create_bucket(name: str, *, versioned: bool = False) -> None:
    """A bucket of this Region."""
    aws.s3().create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    if versioned:
        aws.s3().put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def create_queue(name: str) -> str:
    """A queue; its URL."""
    return aws.sqs().create_queue(QueueName=name)["QueueUrl"]


def create_topic(name: str) -> tuple[str, str]:
    """A topic, and a queue that all of it goes to raw; ARN of the one and URL of the other."""
    topic = aws.sns().create_topic(Name=name)["TopicArn"]
    queue_url = create_queue(f"{name}-seen")
    queue = aws.sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    aws.sns().subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    return topic, queue_url


def create_table(
    name: str, key: str, sort_key: str | None = None, **indexes: tuple[str, str]
) -> None:
    """A table with a partition key, perhaps a sort key, and indexes of such pairs."""
    sorted_by = () if sort_key is None else (sort_key,)
    names = sorted({key, *sorted_by, *(name for pair in indexes.values() for name in pair)})
    schema: list[Any] = [{"AttributeName": key, "KeyType": "HASH"}]
    schema += [{"AttributeName": each, "KeyType": "RANGE"} for each in sorted_by]
    projected = [
        {
            "IndexName": index.replace("_", "-"),
            "KeySchema": [
                {"AttributeName": partition, "KeyType": "HASH"},
                {"AttributeName": sort, "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
        for index, (partition, sort) in indexes.items()
    ]
    # An empty list of indexes is refused.
    indexed: dict[str, Any] = {"GlobalSecondaryIndexes": projected} if projected else {}
    aws.dynamodb().create_table(
        TableName=name,
        KeySchema=schema,
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
        BillingMode="PAY_PER_REQUEST",
        **indexed,
    )


def create_files_table() -> None:
    """The files table, `files`."""
    create_table(
        "files",
        "file_id",
        open=("open_shard", "open_since"),
        by_laboratory=("laboratory", "arrived"),
    )


def drained(queue_url: str) -> list[str]:
    """The bodies of all messages in a queue, which is empty afterwards."""
    bodies: list[str] = []
    while (
        messages := aws.sqs()
        .receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        bodies += (message["Body"] for message in messages)
        aws.sqs().delete_message_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
                for place, message in enumerate(messages)
            ],
        )
    return bodies


def told(queue_url: str) -> list[str]:
    """The bodies of all events in a queue, which is empty afterwards."""
    return [event for body in drained(queue_url) for event in unbundled(body)]


def objects(bucket: str) -> dict[str, bytes]:
    """What a bucket holds, by key."""
    listed = aws.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        one["Key"]: aws.s3().get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
        for one in listed
    }


def items(table: str) -> list[dict[str, Any]]:
    """What a table holds."""
    return list(aws.dynamodb().scan(TableName=table, ConsistentRead=True)["Items"])


def empty_table(table: str, key: str) -> None:
    """Delete what a table holds."""
    for item in items(table):
        aws.dynamodb().delete_item(TableName=table, Key={key: item[key]})


def empty_bucket(bucket: str) -> None:
    """Delete what a bucket holds."""
    for key in objects(bucket):
        aws.s3().delete_object(Bucket=bucket, Key=key)


def sqs_event(bodies: list[str]) -> dict[str, object]:
    """What Lambda hands to a function for messages of a queue, named by their place."""
    return {
        "Records": [
            {
                "messageId": str(place),
                "receiptHandle": "receipt",
                "body": body,
                "eventSource": "aws:sqs",
            }
            for place, body in enumerate(bodies)
        ]
    }
