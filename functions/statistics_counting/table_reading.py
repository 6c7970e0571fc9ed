"""Reading many items of the counted table by their keys."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from vigie.aws import aws_errors
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

# Amazon DynamoDB, BatchGetItem.
_BATCH = 100
# How often the table is asked for what it left unanswered.
_ROUNDS = 8


def read_items(
    dynamodb: DynamoDBClient, table: str, keys: Iterable[str], *, consistent: bool
) -> list[dict[str, Any]]:
    """The items of keys that there are.

    Raises:
        Unavailable: the table did not answer.
    """
    items: list[dict[str, Any]] = []
    remaining = iter(keys)
    while batch := list(islice(remaining, _BATCH)):
        items += _read(dynamodb, table, batch, consistent=consistent)
    return items


def _read(
    dynamodb: DynamoDBClient, table: str, keys: list[str], *, consistent: bool
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    wanted: Any = [{"counted": {"S": key}} for key in keys]
    for _ in range(_ROUNDS):
        request: Any = {table: {"Keys": wanted, "ConsistentRead": consistent}}
        with aws_errors("counted-table"):
            answer: Any = dynamodb.batch_get_item(RequestItems=request)
        items += answer["Responses"].get(table, [])
        wanted = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys")
        if not wanted:
            return items
    raise Unavailable("counted-table:UnprocessedKeys")
