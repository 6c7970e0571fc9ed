"""The grants table, as the functions that open links see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.access.grant import AccessGrant, from_item
from vigie.aws import aws_errors, error_code
from vigie.model import Frozen

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

MOST_TRIES = 5
_WHAT = "grants-table"
_CONDITION_FAILED = "ConditionalCheckFailedException"


class Try(Frozen):
    """A try to open a link, already counted.

    Attributes:
        grant: what the link opens.
        last: whether no other try is left if this one is wrong.
    """

    grant: AccessGrant
    last: bool


class GrantStore:
    """Reads grants and counts the tries on each.

    A try is counted before the birth date is looked at, so that any number of parallel
    tries looks at no more than `MOST_TRIES` dates.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the grants table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def count_try(self, token_hash: str, now: datetime) -> Try | None:
        """Count a try; None for a link that is unknown, expired or locked.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                item = self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"token_hash": {"S": token_hash}},
                    UpdateExpression="ADD tries :one",
                    ConditionExpression=(
                        "attribute_exists(token_hash) AND tries < :most AND (opens_until > :now"
                        " OR (attribute_not_exists(opens_until) AND expires_at > :now))"
                    ),
                    ExpressionAttributeValues={
                        ":one": {"N": "1"},
                        ":most": {"N": str(MOST_TRIES)},
                        ":now": {"N": str(int(now.timestamp()))},
                    },
                    ReturnValues="ALL_NEW",
                )["Attributes"]
            except ClientError as error:
                if error_code(error) == _CONDITION_FAILED:
                    return None
                raise
        return Try(grant=from_item(item), last=int(item["tries"]["N"]) >= MOST_TRIES)

    def forget_tries(self, token_hash: str) -> None:
        """Count from 0 again, after a birth date that was right.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"token_hash": {"S": token_hash}},
                    UpdateExpression="SET tries = :none",
                    # A grant that was erased meanwhile must not come back as an empty one.
                    ConditionExpression="attribute_exists(token_hash)",
                    ExpressionAttributeValues={":none": {"N": "0"}},
                )
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise
