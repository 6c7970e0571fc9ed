"""The uploads table: what laboratories announced, before there is a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_SCHEMA_VERSION = 1


class Upload(Frozen):
    """An upload.

    Attributes:
        upload_id: its id.
        laboratory: FINESS of whose it is.
        content_type: of the file.
        size: of the file, in bytes.
        trial: whether the file goes into the sandbox.
    """

    upload_id: str
    laboratory: str
    content_type: str
    size: int
    trial: bool = False

    @property
    def key(self) -> str:
        """Where in the inbox the file goes."""
        below = "test/uploads" if self.trial else "uploads"
        return f"{self.laboratory}/{below}/{self.upload_id}"


class UploadStore:
    """Keeps uploads.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the uploads table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def open(self, upload: Upload, *, expires_at: int) -> Upload:
        """Keep an upload, or give the one of its id that is kept.

        Raises:
            Unavailable: the table did not answer.
        """
        item: Any = {
            "upload_id": {"S": upload.upload_id},
            "schema": {"N": str(_SCHEMA_VERSION)},
            "upload": {"S": upload.model_dump_json()},
            "expires_at": {"N": str(expires_at)},
        }
        with aws_errors("uploads-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(upload_id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                found: Any = error.response.get("Item")
                if found is None:
                    # It expired between two tries.
                    raise Unavailable("uploads-table:item-gone") from None
                return _from_item(found)
        return upload

    def get(self, upload_id: str) -> Upload | None:
        """An upload, read consistently; None if there is none.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("uploads-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"upload_id": {"S": upload_id}}, ConsistentRead=True
            )
        return _from_item(answer["Item"]) if "Item" in answer else None


def _from_item(item: dict[str, Any]) -> Upload:
    if int(item["schema"]["N"]) > _SCHEMA_VERSION:
        raise Rejected("upload-schema-unknown", "the item has a newer schema version")
    return Upload.model_validate_json(item["upload"]["S"])
