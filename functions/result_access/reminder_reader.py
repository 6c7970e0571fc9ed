"""When a recovery certificate will be issued, from the reminder that signing keeps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.certificates.certificate_due import RECOVERY_DUE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_DAY_LENGTH = len("2026-12-04")


class ReminderReader:
    """Reads the reminders of the certificates table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the certificates table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def due_on(self, result_id: str) -> date | None:
        """The day on which the recovery certificate of a result is issued, if one is due.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            items = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="source_id = :source_id AND certificate = :reminder",
                ExpressionAttributeValues={
                    ":source_id": {"S": result_id},
                    ":reminder": {"S": RECOVERY_DUE},
                },
            )["Items"]
        return date.fromisoformat(items[0]["due_on"]["S"][:_DAY_LENGTH]) if items else None
