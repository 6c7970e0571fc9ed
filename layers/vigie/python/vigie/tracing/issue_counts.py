"""How many codes an issuer issued on a day: a quota, and what an auditor asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from datetime import date

    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_DAYS = 30

_WHAT = "codes-table"


class IssueCounts:
    """Counts in the codes table, apart from the codes: under a name and a day, and nothing else.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the codes table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take(self, name: str, most: int, expires_at: datetime) -> bool:
        """Count one code under a name; False if there are as many as may be.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"id": {"S": name}},
                    UpdateExpression="ADD issued :one SET expires_at = :expires_at",
                    ConditionExpression="attribute_not_exists(issued) OR issued < :most",
                    ExpressionAttributeValues={
                        ":one": {"N": "1"},
                        ":most": {"N": str(most)},
                        ":expires_at": {"N": str(int(expires_at.timestamp()))},
                    },
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def give_back(self, name: str) -> None:
        """Count one code less, which was not issued after all.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": name}},
                UpdateExpression="ADD issued :less",
                ExpressionAttributeValues={":less": {"N": "-1"}},
            )

    def of(self, name: str) -> int:
        """How many are counted under a name.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table, Key={"id": {"S": name}}, ConsistentRead=True
            ).get("Item", {})
        return int(item["issued"]["N"]) if "issued" in item else 0


def count_of_day(issuer: str, day: date) -> str:
    """The name under which an issuer's codes of a day of UTC are counted."""
    return f"issued:{issuer}:{day.isoformat()}"


def day_kept_until(day: date) -> datetime:
    """When the count of a day goes."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=KEPT_DAYS)
