"""The key of an app on an Apple device, as it is kept: its name, itself, a counter and an end.

Nothing joins it to an upload or a person: what a request brought is never written beside it, and
its end is set when it is registered, so that it does not tell when it was used last.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SCHEMA_VERSION = 1
# After that the app makes another key, which nobody can tell from a new phone's.
LIFETIME = timedelta(days=90)

_WHAT = "device-keys-table"
_CONDITION_FAILED = "ConditionalCheckFailedException"


class DeviceKey(Frozen):
    """A registered key.

    Attributes:
        key_id: SHA-256 of the public key, base64.
        public_key: point on P-256 (SEC 1, uncompressed).
        expires_at: when it is forgotten, aware.
    """

    key_id: str
    public_key: bytes
    expires_at: datetime


class DeviceKeyStore:
    """The table of device keys.

    Args:
        dynamodb: the DynamoDB client.
        table: its name.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def keep(self, key: DeviceKey) -> None:
        """Keep a key; one that is there stays, with its counter and its end.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "key_id": {"S": key.key_id},
                        "schema": {"N": str(SCHEMA_VERSION)},
                        "public_key": {"B": key.public_key},
                        "counter": {"N": "0"},
                        "expires_at": {"N": str(int(key.expires_at.timestamp()))},
                    },
                    ConditionExpression="attribute_not_exists(key_id)",
                )
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise

    def find(self, key_id: str, now: datetime) -> DeviceKey | None:
        """A key; None if it is not registered, or no more.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            # A phone uploads in the moment after it registered.
            item = self._dynamodb.get_item(
                TableName=self._table, Key={"key_id": {"S": key_id}}, ConsistentRead=True
            ).get("Item")
        # A time to live takes days.
        if item is None or _end(item) <= now:
            return None
        return DeviceKey(key_id=key_id, public_key=item["public_key"]["B"], expires_at=_end(item))

    def count(self, key_id: str, counter: int) -> bool:
        """Note the counter of an assertion; false if a later one was noted before.

        The same counter again is the same request again: a device signs once with each, and it
        signs the body's hash.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"key_id": {"S": key_id}},
                    UpdateExpression="SET #counter = :counter",
                    ConditionExpression="attribute_exists(key_id) AND #counter <= :counter",
                    ExpressionAttributeNames={"#counter": "counter"},
                    ExpressionAttributeValues={":counter": {"N": str(counter)}},
                )
            except ClientError as error:
                if error_code(error) == _CONDITION_FAILED:
                    return False
                raise
        return True


def _end(item: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
