"""Reading released keys, for the functions that do not write them."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.tracing.release import Section, shards
from vigie.tracing.stored_key import is_expired, released_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.tracing.stored_key import ReleasedKey

# Of each shard in memory at a time: four hours have 64 shards, and an item has some 2 KB there.
_PAGE = 250


class KeyReader:
    """Reads the keys table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the keys table.
        home: this country, which collected every key that does not say its origin.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, home: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._home = home

    def in_order(
        self,
        hours: Iterable[datetime],
        now: datetime,
        *,
        sections: Sequence[Section] = (Section.HOME,),
        after: bytes = b"",
    ) -> Iterator[ReleasedKey]:
        """The keys that are released in some hours and not expired, in the order of their bytes.

        They are read consistently and as they are asked for: however many there are, there is
        one page of each shard in memory.

        Args:
            hours: their starts (UTC).
            now: expired keys are those that are to be deleted by then.
            sections: of each hour.
            after: only keys that come after these bytes.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        read = [
            self._in_shard(shard, now, after)
            for hour in hours
            for section in sections
            for shard in shards(hour, section)
        ]
        return heapq.merge(*read, key=_key_data)

    def _in_shard(self, shard: str, now: datetime, after: bytes) -> Iterator[ReleasedKey]:
        for item in self._items(shard, after):
            if not is_expired(item, now):
                yield released_key(item, self._home)

    def _items(self, shard: str, after: bytes) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            with aws_errors("keys-table"):
                page = self._dynamodb.query(
                    TableName=self._table,
                    # Both names are words of DynamoDB's own.
                    KeyConditionExpression="#shard = :shard AND #key > :after",
                    ExpressionAttributeNames={"#shard": "shard", "#key": "key"},
                    # Everything is greater than a space, and nothing may be empty.
                    ExpressionAttributeValues={
                        ":shard": {"S": shard},
                        ":after": {"S": after.hex() or " "},
                    },
                    ConsistentRead=True,
                    Limit=_PAGE,
                    **start,
                )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _key_data(released: ReleasedKey) -> bytes:
    return released.key.key_data
