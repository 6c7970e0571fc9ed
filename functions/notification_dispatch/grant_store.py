"""The grants table, as the function that writes grants sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.access.grant import to_item
from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.access.grant import AccessGrant


class GrantStore:
    """Keeps what each link opens.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the grants table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def keep(self, grant: AccessGrant) -> None:
        """Keep a grant; one that is already kept, with its count of tries, stays as it is.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("grants-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=to_item(grant),
                    ConditionExpression="attribute_not_exists(token_hash)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
