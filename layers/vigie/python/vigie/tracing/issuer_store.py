"""The issuers table, and what each issuer issued on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.tracing.issuer import Issuer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_WHAT = "issuers-table"
_SCHEMA_VERSION = 1
# All stand together, so that they are listed without a scan; there are some dozens.
_KIND = "issuer"


class IssuerStore:
    """Keeps the issuers.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the issuers table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, name: str) -> Issuer | None:
        """An issuer, read consistently: one that was removed issues nothing more.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table, Key=_key(name), ConsistentRead=True
            ).get("Item")
        return None if item is None else Issuer.model_validate_json(item["document"]["S"])

    def add(self, issuer: Issuer) -> bool:
        """Add an issuer; False if there is one of that name.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        **_key(issuer.name),
                        "schema": {"N": str(_SCHEMA_VERSION)},
                        "document": {"S": issuer.model_dump_json()},
                    },
                    ConditionExpression="attribute_not_exists(#name)",
                    ExpressionAttributeNames={"#name": "name"},
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def remove(self, name: str) -> bool:
        """Remove an issuer; False if there is none of that name.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            removed = self._dynamodb.delete_item(
                TableName=self._table, Key=_key(name), ReturnValues="ALL_OLD"
            )
        return "Attributes" in removed

    def all(self) -> Iterator[Issuer]:
        """Every issuer, by name.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="kind = :kind",
                ExpressionAttributeValues={":kind": {"S": _KIND}},
            )
            for page in pages:
                for item in page["Items"]:
                    yield Issuer.model_validate_json(item["document"]["S"])


def _key(name: str) -> dict[str, AttributeValueTypeDef]:
    return {"kind": {"S": _KIND}, "name": {"S": name}}
