"""The steps of a publication in the revocations table; each is conditional on the one before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from revocation_publication.plan import PendingEntry, PlannedBatch
from vigie.aws import aws_errors, cancellation_codes, error_code
from vigie.errors import Unavailable
from vigie.revocation.stored_batch import SCHEMA_VERSION, key, own_entry, own_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.revocation.stored_batch import StoredBatch

_SHARDS = "0123456789abcdef"
_PLAN = key("publication", "plan")
_DELETED_AT_ONCE = 25
_ATTEMPTS = 5


class PublicationStore:
    """Reads and writes the revocations table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the revocations table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def pending(self) -> Iterator[PendingEntry]:
        """The revocations that are in no batch, read consistently, as far as they are taken.

        Raises:
            Unavailable: the table did not answer.
        """
        for shard in _SHARDS:
            with aws_errors("revocations-table"):
                pages = self._dynamodb.get_paginator("query").paginate(
                    TableName=self._table,
                    KeyConditionExpression="#list = :list",
                    ExpressionAttributeNames={"#list": "list"},
                    ExpressionAttributeValues={":list": {"S": f"pending#{shard}"}},
                    ConsistentRead=True,
                )
                for page in pages:
                    yield from map(_entry, page["Items"])

    def plan(self) -> PlannedBatch | None:
        """The batch that is being published, if one is.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("revocations-table"):
            answer = self._dynamodb.get_item(TableName=self._table, Key=_PLAN, ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        if item is None:
            return None
        return PlannedBatch(
            kid=bytes(item["kid"]["B"]),
            expires=_moment(item["batch_expires"]),
            hashes=bytes(item["hashes"]["B"]),
            planned_at=_moment(item["planned_at"]),
        )

    def begin(self, plan: PlannedBatch) -> None:
        """Note what is being published, unless another run has noted something.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("revocations-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        **_PLAN,
                        "schema": {"N": str(SCHEMA_VERSION)},
                        "batch_id": {"S": plan.batch_id},
                        "kid": {"B": plan.kid},
                        "batch_expires": {"S": plan.expires.isoformat()},
                        "hashes": {"B": plan.hashes},
                        "planned_at": {"S": plan.planned_at.isoformat()},
                    },
                    ConditionExpression="attribute_not_exists(entry)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def take_off(self, plan: PlannedBatch) -> None:
        """Forget that the revocations of a batch are pending.

        Raises:
            Unavailable: the table did not answer, or did not delete all.
        """
        entries = plan.entries
        for first in range(0, len(entries), _DELETED_AT_ONCE):
            self._delete([each.hex() for each in entries[first : first + _DELETED_AT_ONCE]])

    def finish(self, plan: PlannedBatch, listed: StoredBatch) -> bool:
        """List a batch, and end its publication.

        Returns:
            Whether it was this call that did; not if another run had.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("revocations-table"):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[
                        {"Put": {"TableName": self._table, "Item": own_item(listed)}},
                        {
                            "Delete": {
                                "TableName": self._table,
                                "Key": _PLAN,
                                "ConditionExpression": "batch_id = :batch_id",
                                "ExpressionAttributeValues": {":batch_id": {"S": plan.batch_id}},
                            }
                        },
                    ]
                )
            except ClientError as error:
                if not _is_refused(error):
                    raise
                return False
        return True

    def end(self, batch: StoredBatch, now: datetime) -> bool:
        """List a batch as deleted, unless another run has.

        Returns:
            Whether it was this call that did.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("revocations-table"):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[
                        {"Put": {"TableName": self._table, "Item": own_item(batch.ended(now))}},
                        {
                            "Delete": {
                                "TableName": self._table,
                                "Key": key("batches", own_entry(batch)),
                                "ConditionExpression": "attribute_exists(entry)",
                            }
                        },
                    ]
                )
            except ClientError as error:
                if not _is_refused(error):
                    raise
                return False
        return True

    def _delete(self, hashes: Sequence[str]) -> None:
        requests: dict[str, Any] = {
            self._table: [
                {"DeleteRequest": {"Key": key(f"pending#{hashed[0]}", hashed)}} for hashed in hashes
            ]
        }
        for _ in range(_ATTEMPTS):
            with aws_errors("revocations-table"):
                answer = self._dynamodb.batch_write_item(RequestItems=requests)
            requests = dict(answer["UnprocessedItems"])
            if not requests:
                return
        raise Unavailable("revocations-table:not-deleted")


def _entry(item: dict[str, Any]) -> PendingEntry:
    return PendingEntry(
        hash=bytes.fromhex(item["entry"]["S"]),
        kid=bytes.fromhex(item["kid"]["S"]),
        expires=_moment(item["certificate_expires"]),
    )


def _moment(value: dict[str, str]) -> datetime:
    return datetime.fromisoformat(value["S"]).astimezone(UTC)


def _is_refused(error: ClientError) -> bool:
    """Whether a condition failed, and nothing else stood in the way."""
    codes = set(cancellation_codes(error))
    return "ConditionalCheckFailed" in codes and codes <= {"None", "ConditionalCheckFailed"}
