"""Reading released keys, for the functions that do not write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.tracing.release import shards
from vigie.tracing.stored_key import is_expired, released_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.tracing.diagnosis_key import DiagnosisKey


class KeyReader:
    """Reads the keys table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the keys table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def released_in(self, hour: datetime, now: datetime) -> Iterator[DiagnosisKey]:
        """The keys that are released in an hour and not expired, shard by shard, read consistently.

        Within a shard they come in the order of their bytes.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        return (key for shard in shards(hour) for key in self.in_shard(shard, now))

    def in_shard(self, shard: str, now: datetime) -> Iterator[DiagnosisKey]:
        """The keys of one shard of an hour that are not expired, in the order of their bytes.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        return (released_key(item) for item in self._items(shard) if not is_expired(item, now))

    def _items(self, shard: str) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            with aws_errors("keys-table"):
                page = self._dynamodb.query(
                    TableName=self._table,
                    KeyConditionExpression="shard = :shard",
                    ExpressionAttributeValues={":shard": {"S": shard}},
                    ConsistentRead=True,
                    **start,
                )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
