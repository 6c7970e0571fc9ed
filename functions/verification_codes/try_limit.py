"""How many wrong codes a client may try in an hour.

A client is known by an HMAC of its address under a key that is drawn for the hour, and whose place
the next one takes. Without it the counters, which the table drops some time later, lead to no
address, however few addresses there are to try.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from verification_codes.client import client_tag
from verification_codes.refusal import ErrorCode, VerificationRefusedError
from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_WHAT = "tries-table"
_HOUR = timedelta(hours=1)
_KEY_BYTES = 32
_KEY = "key"
_CONDITION_FAILED = "ConditionalCheckFailedException"


class Try:
    """A try, already counted; for a code that was right it is given back."""

    def __init__(self, limit: TryLimit, tag: str) -> None:
        self._limit = limit
        self._tag = tag

    def was_right(self) -> None:
        """Do not count it after all.

        Raises:
            Unavailable: the table did not answer.
        """
        self._limit._give_back(self._tag)  # noqa: SLF001 - the two are one thing


class TryLimit:
    """Counts tries.

    A try is counted before the code is looked for, so that any number of parallel tries looks for
    no more codes than the limit.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table of tries.
        most: wrong tries of a client in an hour.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, most: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._most = most
        self._held: tuple[datetime, bytes] | None = None

    def count(self, network: bytes, now: datetime) -> Try:
        """Count a try.

        Args:
            network: of the client; see `client_network`.
            now: the time, aware.

        Raises:
            VerificationRefusedError: `too_many_tries`, until the hour is over.
            Unavailable: the table did not answer.
        """
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        tag = f"client:{client_tag(self._key_of(hour), network)}"
        with aws_errors(_WHAT):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"id": {"S": tag}},
                    UpdateExpression="ADD tries :one SET expires_at = :expires_at",
                    ConditionExpression="attribute_not_exists(tries) OR tries < :most",
                    ExpressionAttributeValues={
                        ":one": {"N": "1"},
                        ":most": {"N": str(self._most)},
                        ":expires_at": {"N": _seconds(hour + _HOUR)},
                    },
                )
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise
                raise VerificationRefusedError(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    ErrorCode.TOO_MANY_TRIES,
                    "too many wrong codes, try again later",
                    retry_after=int((hour + _HOUR - now).total_seconds()) + 1,
                ) from None
        return Try(self, tag)

    def _give_back(self, tag: str) -> None:
        with aws_errors(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": tag}},
                UpdateExpression="ADD tries :less",
                ExpressionAttributeValues={":less": {"N": "-1"}},
            )

    def _key_of(self, hour: datetime) -> bytes:
        """The key of an hour: the first that is drawn is everyone's."""
        if self._held is None or self._held[0] != hour:
            self._held = (hour, self._drawn(hour) or self._found())
        return self._held[1]

    def _drawn(self, hour: datetime) -> bytes | None:
        """A new key, in the place of the one before; None if there is one of the hour.

        So there is never more than one, however long nobody asked, and whoever's clock is slow
        takes the key of the next hour.
        """
        key = secrets.token_bytes(_KEY_BYTES)
        with aws_errors(_WHAT):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "id": {"S": _KEY},
                        "secret": {"B": key},
                        "drawn_for": {"N": _seconds(hour)},
                        "expires_at": {"N": _seconds(hour + _HOUR)},
                    },
                    ConditionExpression="attribute_not_exists(id) OR drawn_for < :hour",
                    ExpressionAttributeValues={":hour": {"N": _seconds(hour)}},
                )
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise
                return None
        return key

    def _found(self) -> bytes:
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table, Key={"id": {"S": _KEY}}, ConsistentRead=True
            )["Item"]
        return bytes(item["secret"]["B"])


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))
