"""The laboratories table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected
from vigie.laboratories.laboratory import from_item, to_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.laboratories.laboratory import Laboratory


BY_CLIENT = "by-client"


class LaboratoryStore:
    """Keeps the register.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the laboratories table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, finess: str) -> Laboratory | None:
        """The entry of a laboratory, read consistently; None if there is none.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("laboratories-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"finess": {"S": finess}}, ConsistentRead=True
            )
        return from_item(answer["Item"]) if "Item" in answer else None

    def finess_of_client(self, client_id: str) -> str | None:
        """The FINESS of the laboratory that a client is of (eventually consistent); or None.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("laboratories-table"):
            found = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_CLIENT,
                KeyConditionExpression="client_id = :client",
                ExpressionAttributeValues={":client": {"S": client_id}},
            )["Items"]
        return found[0]["finess"]["S"] if found else None

    def put(self, laboratory: Laboratory) -> None:
        """Write an entry over the revision before it; the first one where there is none.

        Raises:
            Rejected: `laboratory-changed-meanwhile`, someone else wrote in between.
            Unavailable: the table did not answer.
        """
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(finess)"}
        if laboratory.revision > 1:
            condition = {
                "ConditionExpression": "revision = :before",
                "ExpressionAttributeValues": {":before": {"N": str(laboratory.revision - 1)}},
            }
        with aws_errors("laboratories-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table, Item=to_item(laboratory), **condition
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
            else:
                return
        raise Rejected("laboratory-changed-meanwhile", "someone else changed the entry: look again")

    def all(self) -> Iterator[Laboratory]:
        """Every entry, in no order; for people, since it reads the whole table.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("laboratories-table"):
            for page in self._dynamodb.get_paginator("scan").paginate(TableName=self._table):
                yield from (from_item(item) for item in page["Items"])
