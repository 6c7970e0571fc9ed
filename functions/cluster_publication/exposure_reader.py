"""The exposures table, as the function that publishes clusters sees it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.venues.stored_exposures import SHARDS, Exposures, first_entry, read_exposures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

_WHAT = "exposures-table"
_PARALLEL = 8
_DELETED_AT_ONCE = 25
# Beside the shards: how often clusters were made files of.
_ITERATIONS = {"shard": {"S": "publication"}, "entry": {"S": "iteration"}}


class ExposureReader:
    """Reads and deletes the counters of venues, each of the 16 shards by a query.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the exposures table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def since(self, oldest: date) -> Iterator[Exposures]:
        """What was counted from a day on: of one venue all from the same shard.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer.
        """

        def read(shard: str) -> list[Exposures]:
            pages = self._pages(shard, ">=", oldest)
            return [read_exposures(item) for page in pages for item in page]

        with ThreadPoolExecutor(_PARALLEL) as pool:
            yield from chain.from_iterable(pool.map(read, SHARDS))

    def delete_before(self, oldest: date) -> int:
        """Delete what was counted before a day; how many venues' days.

        Raises:
            Unavailable: the table did not answer, or kept some.
        """
        with ThreadPoolExecutor(_PARALLEL) as pool:
            return sum(pool.map(lambda shard: self._delete_in(shard, oldest), SHARDS))

    def next_iteration(self) -> int:
        """A number that no other run gets, greater than those before.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_ITERATIONS,
                UpdateExpression="ADD iterations :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["iterations"]["N"])

    def _delete_in(self, shard: str, oldest: date) -> int:
        deleted = 0
        for page in self._pages(shard, "<", oldest):
            for first in range(0, len(page), _DELETED_AT_ONCE):
                self._delete(page[first : first + _DELETED_AT_ONCE])
            deleted += len(page)
        return deleted

    def _delete(self, items: list[dict[str, Any]]) -> None:
        requests: list[WriteRequestTypeDef] = [
            {"DeleteRequest": {"Key": {"shard": item["shard"], "entry": item["entry"]}}}
            for item in items
        ]
        with aws_errors(_WHAT):
            answer = self._dynamodb.batch_write_item(RequestItems={self._table: requests})
        if answer.get("UnprocessedItems"):
            raise Unavailable(f"{_WHAT}:UnprocessedItems")

    def _pages(self, shard: str, compared: str, day: date) -> Iterator[list[dict[str, Any]]]:
        start: dict[str, Any] = {}
        while True:
            with aws_errors(_WHAT):
                page = self._dynamodb.query(
                    TableName=self._table,
                    # A word of DynamoDB's own.
                    KeyConditionExpression=f"#shard = :shard AND entry {compared} :day",
                    ExpressionAttributeNames={"#shard": "shard"},
                    ExpressionAttributeValues={
                        ":shard": {"S": shard},
                        ":day": {"S": first_entry(day)},
                    },
                    **start,
                )
            if page["Items"]:
                yield page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
