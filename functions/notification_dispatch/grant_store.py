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

    def keep(self, grant: AccessGrant) -> bool:
        """Keep a grant; one that is already kept, with its count of tries, stays as it is.

        Returns:
            Whether there was none.

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
                return False
        return True

    def prolong(self, grant: AccessGrant) -> None:
        """Have a grant that is kept expire when this one does; its count of tries stays.

        Raises:
            Unavailable: the table did not answer.
        """
        item = to_item(grant)
        with aws_errors("grants-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"token_hash": item["token_hash"]},
                    UpdateExpression="SET #document = :document, expires_at = :expires_at",
                    # A grant that was erased meanwhile must not come back.
                    ConditionExpression="attribute_exists(token_hash)",
                    ExpressionAttributeNames={"#document": "document"},
                    ExpressionAttributeValues={
                        ":document": item["document"],
                        ":expires_at": item["expires_at"],
                    },
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
