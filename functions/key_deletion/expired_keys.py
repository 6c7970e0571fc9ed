"""The keys table, as the function that deletes expired keys sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.tracing.stored_key import known_shard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_WHAT = "keys-table"
# A transaction has up to 100 items, and a key has two.
_PAGE = 50


class ExpiredKeys:
    """Finds released keys by their partition and deletes them.

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
        """Delete keys of a partition, and that they are known: both or neither.

        Raises:
            Unavailable: the table did not answer.
        """
        places = [place for key in keys for place in ((shard, key), _known(key))]
        with aws_errors(_WHAT):
            self._dynamodb.transact_write_items(
                TransactItems=[self._deletion(*place) for place in places]
            )

    def _deletion(self, shard: str, key: str) -> TransactWriteItemTypeDef:
        return {
            "Delete": {
                "TableName": self._table,
                "Key": {"shard": {"S": shard}, "key": {"S": key}},
            }
        }


def _known(key: str) -> tuple[str, str]:
    return known_shard(bytes.fromhex(key)), key
