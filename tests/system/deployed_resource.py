"""The resources of the table of grants as they are deployed, and what can be tried on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import boto3

from infra.environments import EMULATOR_ACCOUNT
from infra.local.gateway import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PREFIX = "vigie-dev-"
_CONTEXT = {"vigie:purpose": "tried"}

# What is tried, in the session of whoever tries it.
Attempt: TypeAlias = "Callable[[boto3.Session], object]"


def role_arn(role: str) -> str:
    """ARN of a role of the table."""
    return f"arn:aws:iam::{EMULATOR_ACCOUNT}:role/{_PREFIX}{role}"


def attempts(kind: str, resource: str) -> Mapping[str, Attempt]:
    """What is tried on a resource, by the action that it takes.

    Each is valid, so that nothing but a missing right refuses it.

    Args:
        kind: as in the table of grants, such as `queue`.
        resource: its name there.
    """
    return _OF_KIND[kind](resource)


def _table(resource: str) -> Mapping[str, Attempt]:
    table = f"{_PREFIX}{resource}"
    keys = boto3.client("dynamodb").describe_table(TableName=table)["Table"]["KeySchema"]
    item: Any = {key["AttributeName"]: {"S": "tried"} for key in keys}
    return {
        "dynamodb:GetItem": lambda by: by.client("dynamodb").get_item(TableName=table, Key=item),
        "dynamodb:PutItem": lambda by: by.client("dynamodb").put_item(TableName=table, Item=item),
        "dynamodb:UpdateItem": lambda by: by.client("dynamodb").update_item(
            TableName=table, Key=item
        ),
        "dynamodb:DeleteItem": lambda by: by.client("dynamodb").delete_item(
            TableName=table, Key=item
        ),
        "dynamodb:Scan": lambda by: by.client("dynamodb").scan(TableName=table, Limit=1),
    }


def _bucket(resource: str) -> Mapping[str, Attempt]:
    bucket = f"{_PREFIX}{resource}-{EMULATOR_ACCOUNT}-{REGION}"
    key = "tried"
    return {
        "s3:GetObject": lambda by: by.client("s3").get_object(Bucket=bucket, Key=key),
        "s3:PutObject": lambda by: by.client("s3").put_object(Bucket=bucket, Key=key, Body=b""),
        "s3:DeleteObject": lambda by: by.client("s3").delete_object(Bucket=bucket, Key=key),
        "s3:ListBucket": lambda by: by.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=1),
    }


def _key(resource: str) -> Mapping[str, Attempt]:
    kms = boto3.client("kms")
    described = kms.describe_key(KeyId=f"alias/{_PREFIX}{resource}")["KeyMetadata"]
    key = described["Arn"]
    if described["KeyUsage"] == "SIGN_VERIFY":
        return {
            "kms:Sign": lambda by: by.client("kms").sign(
                KeyId=key, Message=b"tried", SigningAlgorithm="ECDSA_SHA_256"
            )
        }
    if described["KeyUsage"] == "GENERATE_VERIFY_MAC":
        return {
            "kms:GenerateMac": lambda by: by.client("kms").generate_mac(
                KeyId=key, Message=b"tried", MacAlgorithm="HMAC_SHA_256"
            )
        }
    sealed = kms.encrypt(KeyId=key, Plaintext=b"tried", EncryptionContext=_CONTEXT)
    return {
        "kms:GenerateDataKey": lambda by: by.client("kms").generate_data_key(
            KeyId=key, KeySpec="AES_256", EncryptionContext=_CONTEXT
        ),
        "kms:Decrypt": lambda by: by.client("kms").decrypt(
            KeyId=key, CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=_CONTEXT
        ),
    }


def _topic(resource: str) -> Mapping[str, Attempt]:
    topic = f"arn:aws:sns:{REGION}:{EMULATOR_ACCOUNT}:{_PREFIX}{resource}"
    # In a batch: the emulator lets everybody publish a single message.
    entries: Any = [{"Id": "1", "Message": "tried"}]
    return {
        "sns:Publish": lambda by: by.client("sns").publish_batch(
            TopicArn=topic, PublishBatchRequestEntries=entries
        )
    }


def _queue(resource: str) -> Mapping[str, Attempt]:
    url = boto3.client("sqs").get_queue_url(QueueName=f"{_PREFIX}{resource}")["QueueUrl"]
    return {
        "sqs:SendMessage": lambda by: by.client("sqs").send_message(
            QueueUrl=url, MessageBody="tried"
        ),
        "sqs:ReceiveMessage": lambda by: by.client("sqs").receive_message(QueueUrl=url),
    }


_OF_KIND: dict[str, Callable[[str], Mapping[str, Attempt]]] = {
    "table": _table,
    "bucket": _bucket,
    "key": _key,
    "topic": _topic,
    "queue": _queue,
}
