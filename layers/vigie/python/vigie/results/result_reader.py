"""Reading stored results, for the functions that do not write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.results.stored_result import StoredResult, from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

BY_PERSON = "by-person"


class ResultReader:
    """Reads the results table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the results table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, result_id: str) -> StoredResult | None:
        """The current version of a result, read consistently; None if there is none.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("results-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"result_id": {"S": result_id}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return from_item(item) if item else None

    def of_person(self, person: str, *, limit: int = 50) -> list[StoredResult]:
        """The latest results of a person, newest sampling first (eventually consistent).

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("results-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_PERSON,
                KeyConditionExpression="person = :person",
                ExpressionAttributeValues={":person": {"S": person}},
                ScanIndexForward=False,
                Limit=limit,
            )
        return [from_item(item) for item in answer["Items"]]
