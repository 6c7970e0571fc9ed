"""The sums, as a report is added to them: once, and without a trace of it but for a hash.

What is kept of a report is a keyed hash of its nonce, until the end of the next day (UTC): a report
that is sent again is counted once. The hash names no day's counter, no question and no answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import TRANSACTION_CANCELLED, aws_errors, cancellation_codes, error_code
from vigie.errors import Unavailable
from vigie.tracing.analytics_sums import REPORTS, SCHEMA_VERSION, SEEN, bit, counter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from analytics_intake.report import Report
    from vigie.sealing import DerivedKey

_WHAT = "analytics-table"
_CONDITION_FAILED = "ConditionalCheckFailed"
# At 300 reports a second, two meet at one of so many counters in some 5 of 100 cases.
_SHARDS = 64
# A report that met another one takes another counter.
_ATTEMPTS = 4
_SUMS_KEPT = timedelta(days=400)


class ReportStore:
    """Adds reports to the sums.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the analytics table.
        nonce_key: keys the hashes of nonces.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, nonce_key: DerivedKey) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._nonce_key = nonce_key

    def add(self, report: Report, now: datetime) -> bool:
        """Add a report to the sums of its day; False if it was added before.

        Raises:
            Unavailable: the table did not answer.
        """
        midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        seen = self._seen(report, midnight)
        for _ in range(_ATTEMPTS):
            reasons = self._written([seen, self._counted(report, midnight)])
            if reasons is None:
                return True
            if reasons[:1] == [_CONDITION_FAILED]:
                return False
        raise Unavailable(f"{_WHAT}:too-many-attempts")

    def _written(self, items: list[TransactWriteItemTypeDef]) -> list[str] | None:
        """Why a transaction was cancelled, item by item; None if it was not."""
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                if error_code(error) != TRANSACTION_CANCELLED:
                    raise
                return cancellation_codes(error)
        return None

    def _seen(self, report: Report, midnight: datetime) -> TransactWriteItemTypeDef:
        digest = hmac.digest(self._nonce_key.bytes(), report.nonce.encode(), hashlib.sha256)
        return {
            "Put": {
                "TableName": self._table,
                "Item": {
                    "day": {"S": f"{SEEN}#{digest.hex()}"},
                    "entry": {"S": SEEN},
                    "expires_at": _seconds(midnight + timedelta(days=2)),
                },
                "ConditionExpression": "attribute_not_exists(entry)",
            }
        }

    def _counted(self, report: Report, midnight: datetime) -> TransactWriteItemTypeDef:
        shard = secrets.randbelow(_SHARDS)
        set_bits = [bit(option) for option, value in enumerate(report.bits) if value]
        added = ", ".join(f"{name} :one" for name in (REPORTS, *set_bits))
        return {
            "Update": {
                "TableName": self._table,
                "Key": {
                    "day": {"S": f"{midnight:%F}"},
                    "entry": {"S": counter(report.flip_percent, report.question, shard)},
                },
                "UpdateExpression": "SET #schema = :schema, expires_at = :until ADD " + added,
                "ExpressionAttributeNames": {"#schema": "schema"},
                "ExpressionAttributeValues": {
                    ":one": {"N": "1"},
                    ":schema": {"N": str(SCHEMA_VERSION)},
                    ":until": _seconds(midnight + _SUMS_KEPT),
                },
            }
        }


def _seconds(at: datetime) -> dict[str, str]:
    return {"N": str(int(at.timestamp()))}
