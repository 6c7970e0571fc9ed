"""The keys table, as the function that deletes expired keys sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.tracing.stored_key import known_shard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_WHAT = "keys-table"
# A transaction has up to 100 items, and a key that was revised has three.
_PAGE = 33


class ExpiredKeys:
    """Finds released keys and revisions by their partition and deletes them.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the keys table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def pages(self, shard: str) -> Iterator[list[str]]:
        """The keys (hexadecimal) of a partition, page by page; no page is empty.

        Raises:
            Unavailable: the table did not answer.
        """
        start: dict[str, Any] = {}
        while True:
            with aws_errors(_WHAT):
                page = self._dynamodb.query(
                    TableName=self._table,
                    # Both names are words of DynamoDB's own.
                    KeyConditionExpression="#shard = :shard",
                    ExpressionAttributeNames={"#shard": "shard", "#key": "key"},
                    ExpressionAttributeValues={":shard": {"S": shard}},
                    ProjectionExpression="#key",
                    Limit=_PAGE,
                    **start,
                )
            if page["Items"]:
                yield [item["key"]["S"] for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def delete(self, shard: str, keys: Sequence[str]) -> None:
        """Delete keys of a partition, that they are known, and their revisions: all or nothing.

        Raises:
            Unavailable: the table did not answer for all of them.
        """
        known = self._known(keys)
        places = [
            place
            for key in keys
            for place in ((shard, key), *_places_of(known.get(key), released_in=shard))
        ]
        with aws_errors(_WHAT):
            self._dynamodb.transact_write_items(
                TransactItems=[self._deletion(*place) for place in places]
            )

    def _known(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The items that say that keys are known, by the key; read consistently."""
        places = [
            {"shard": {"S": known_shard(bytes.fromhex(key))}, "key": {"S": key}} for key in keys
        ]
        with aws_errors(_WHAT):
            answer = self._dynamodb.batch_get_item(
                RequestItems={self._table: {"Keys": places, "ConsistentRead": True}}
            )
        if answer.get("UnprocessedKeys"):
            raise Unavailable(f"{_WHAT}:UnprocessedKeys")
        return {item["key"]["S"]: item for item in answer["Responses"].get(self._table, [])}

    def _deletion(self, shard: str, key: str) -> TransactWriteItemTypeDef:
        return {
            "Delete": {
                "TableName": self._table,
                "Key": {"shard": {"S": shard}, "key": {"S": key}},
            }
        }


def _places_of(known: dict[str, Any] | None, *, released_in: str) -> Iterator[tuple[str, str]]:
    """What else is there of a key, unless the same one was taken anew meanwhile."""
    if known is None or known["stands_in"]["S"] != released_in:
        return
    key = known["key"]["S"]
    yield known["shard"]["S"], key
    if "revised_in" in known:
        yield known["revised_in"]["S"], key
