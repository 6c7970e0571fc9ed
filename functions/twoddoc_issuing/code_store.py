"""The table of 2D-DOC, as the function that signs them sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.twoddoc.stored_code import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.twoddoc.stored_code import StoredCode


class CodeStore:
    """Writes the table of 2D-DOC: the first write of a document wins.

    Args:
        dynamodb: the DynamoDB client.
        table: its name.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, code: StoredCode) -> bool:
        """Store a document, unless there is one of its name.

        Returns:
            Whether it is stored.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("twoddoc-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=to_item(code),
                    ConditionExpression="attribute_not_exists(source_id)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True
