"""The table of 2D-DOC, as the function that revokes them sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from vigie.twoddoc.stored_code import StoredCode


class CodeStore:
    """Writes the table of 2D-DOC.

    Args:
        dynamodb: the DynamoDB client.
        table: its name.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def revoke(self, code: StoredCode, at: datetime) -> bool:
        """Revoke a document, unless it is revoked or gone.

        Returns:
            Whether it was this call that revoked it.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._update(
            code,
            UpdateExpression="SET revoked_at = :at",
            ConditionExpression="attribute_exists(source_id) AND attribute_not_exists(revoked_at)",
            ExpressionAttributeValues={":at": {"S": at.isoformat()}},
        )

    def restore(self, code: StoredCode) -> bool:
        """Have a document hold again, unless it does or is gone.

        Returns:
            Whether it was this call that did.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._update(
            code,
            UpdateExpression="REMOVE revoked_at",
            ConditionExpression="attribute_exists(revoked_at)",
        )

    def _update(self, code: StoredCode, **change: Any) -> bool:  # noqa: ANN401 - of the client
        with aws_errors("twoddoc-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"source_id": {"S": code.source_id}, "document": {"S": code.document}},
                    **change,
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True
