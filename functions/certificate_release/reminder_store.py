"""The reminders of certificates, by the day that they are due on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.certificates.certificate_due import DUE_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient

# Ten messages fit a call, and this is ten calls.
_PAGE = 100


class Reminder(NamedTuple):
    """A reminder.

    Attributes:
        source_id: of the record whose certificate is due.
        name: which of its reminders; see `vigie.certificates.certificate_due`.
    """

    source_id: str
    name: str


class ReminderStore:
    """Reads the index `due` of the certificates table, and forgets what is given up.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the certificates table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def forget(self, reminder: Reminder, partition: str) -> None:
        """Remove a reminder, unless signing has removed it or moved it to another day.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            try:
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key={
                        "source_id": {"S": reminder.source_id},
                        "certificate": {"S": reminder.name},
                    },
                    ConditionExpression="due_on = :partition",
                    ExpressionAttributeValues={":partition": {"S": partition}},
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def pages(self, partition: str) -> Iterator[list[Reminder]]:
        """The reminders of a partition, a page at a time.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("certificates-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="due_on = :partition",
                ExpressionAttributeValues={":partition": {"S": partition}},
                PaginationConfig={"PageSize": _PAGE},
            )
            for page in pages:
                yield [
                    Reminder(item["source_id"]["S"], item["certificate"]["S"])
                    for item in page["Items"]
                ]
