"""Reading stored 2D-DOC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.twoddoc.stored_code import from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.twoddoc.stored_code import StoredCode


class CodeReader:
    """Reads the table of 2D-DOC.

    Args:
        dynamodb: the DynamoDB client.
        table: its name.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of_source(self, source_id: str) -> list[StoredCode]:
        """Every 2D-DOC ever made from a source, read consistently.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        with aws_errors("twoddoc-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="source_id = :source_id",
                ExpressionAttributeValues={":source_id": {"S": source_id}},
                ConsistentRead=True,
            )
            items = [item for page in pages for item in page["Items"]]
        return [from_item(item) for item in items]
