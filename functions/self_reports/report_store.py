"""The report-phones table: which numbers were sent a code, and how many requests a day had.

A number is there as a keyed hash only, for thirty days.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.tracing.compact_jws import base64url
from vigie.tracing.upload_code import GIVEN_FOR

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# After so long a number may report another test: 720 h, as the reference has it.
KEPT = timedelta(hours=720)

_WHAT = "report-phones-table"
_CONDITION_FAILED = "ConditionalCheckFailedException"
_JTI_BYTES = 16
_DAY_KEPT = timedelta(days=2)


class ReportStore:
    """Keeps numbers and days; every change is conditional.

    Key: `id`, the hash of a number, or `day#` and a day of UTC.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the report-phones table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def count(self, most: int, now: datetime) -> bool:
        """Count a request of the day; False if there were as many as may be.

        Raises:
            Unavailable: the table did not answer.
        """
        day = now.astimezone(UTC).date().isoformat()
        counted = self._update(
            f"day#{day}",
            UpdateExpression="ADD requests :one SET expires_at = :end",
            ConditionExpression="attribute_not_exists(requests) OR requests < :most",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":most": {"N": str(most)},
                ":end": _seconds(now + _DAY_KEPT),
            },
        )
        return counted is not None

    def claim(self, phone: str, request: str, most: int, now: datetime) -> str | None:
        """Claim one sending to a number, before it is sent.

        The first one of thirty days draws a `jti`; those after it, within 14 days, have the same,
        so that a number permits one upload.

        Args:
            phone: hash of the number.
            request: hash of the nonce; one that was sent for claims nothing again.
            most: how many sendings the number has.
            now: the time, aware.

        Returns:
            The `jti` of the code to send; None where nothing is sent.

        Raises:
            Unavailable: the table did not answer.
        """
        item = self._first(phone, now) or self._again(phone, request, most, now)
        return item["jti"]["S"] if item else None

    def give_back(self, phone: str) -> None:
        """Take a claim back whose message was plainly not taken.

        Raises:
            Unavailable: the table did not answer.
        """
        self._update(
            phone,
            UpdateExpression="ADD sendings :less",
            ConditionExpression="sendings > :none",
            ExpressionAttributeValues={":less": {"N": "-1"}, ":none": {"N": "0"}},
        )

    def settle(self, phone: str, request: str) -> None:
        """Note that there is nothing left to send for a request.

        Raises:
            Unavailable: the table did not answer.
        """
        self._update(
            phone,
            UpdateExpression="SET sent_for = :request",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues={":request": {"S": request}},
        )

    def _first(self, phone: str, now: datetime) -> dict[str, Any] | None:
        return self._update(
            phone,
            UpdateExpression=(
                "SET jti = :jti, sendings = :one, again_until = :again_until, "
                "expires_at = :end REMOVE sent_for"
            ),
            # Deletion takes days.
            ConditionExpression="attribute_not_exists(id) OR expires_at <= :now",
            ExpressionAttributeValues={
                ":jti": {"S": base64url(secrets.token_bytes(_JTI_BYTES))},
                ":one": {"N": "1"},
                ":again_until": _seconds(now + GIVEN_FOR),
                ":end": _seconds(now + KEPT),
                ":now": _seconds(now),
            },
        )

    def _again(self, phone: str, request: str, most: int, now: datetime) -> dict[str, Any] | None:
        return self._update(
            phone,
            UpdateExpression="ADD sendings :one",
            ConditionExpression=(
                "sendings < :most AND again_until > :now "
                "AND (attribute_not_exists(sent_for) OR sent_for <> :request)"
            ),
            ExpressionAttributeValues={
                ":request": {"S": request},
                ":one": {"N": "1"},
                ":most": {"N": str(most)},
                ":now": _seconds(now),
            },
        )

    def _update(self, key: str, **change: Any) -> dict[str, Any] | None:  # noqa: ANN401 - of the client
        with aws_errors(_WHAT):
            try:
                return self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"id": {"S": key}},
                    ReturnValues="ALL_NEW",
                    **change,
                )["Attributes"]
            except ClientError as error:
                if error_code(error) != _CONDITION_FAILED:
                    raise
                return None


def _seconds(moment: datetime) -> Any:  # noqa: ANN401 - of the client
    return {"N": str(int(moment.timestamp()))}
