"""Reading which batches there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.revocation.batch import instant
from vigie.revocation.stored_batch import FOREIGN, OWN, from_item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.revocation.stored_batch import StoredBatch


class BatchReader:
    """Reads the revocations table, consistently.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the revocations table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def own(self, since: datetime | None = None) -> Iterator[StoredBatch]:
        """Our batches that changed at a time or later, from the oldest change to the newest.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        yield from self._batches(OWN, "" if since is None else instant(since))

    def foreign(self) -> Iterator[StoredBatch]:
        """The batches of other countries.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        yield from self._batches(FOREIGN, "")

    def _batches(self, name: str, least: str) -> Iterator[StoredBatch]:
        with aws_errors("revocations-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="#list = :list AND entry >= :least",
                ExpressionAttributeNames={"#list": "list"},
                # Sort keys are not empty.
                ExpressionAttributeValues={":list": {"S": name}, ":least": {"S": least or " "}},
                ConsistentRead=True,
            )
            for page in pages:
                yield from map(from_item, page["Items"])
