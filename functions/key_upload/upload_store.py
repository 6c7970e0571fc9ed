"""The keys table and the used codes, as an upload writes them: all of it or nothing.

An upload of n keys is one transaction of 2n + 1 items, at most 61 of the 100 that DynamoDB
takes. The record of a used code names no key and no time of upload: it says what was answered,
and by a keyed digest whether another request is the same one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from key_upload.answer import Published
from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.model import Frozen
from vigie.tracing.release import release_hour
from vigie.tracing.stored_key import (
    Provenance,
    known_item,
    known_key,
    known_shard,
    released_item,
)
from vigie.tracing.upload_code import GIVEN_FOR, LIFETIME, UploadCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.stored_key import KnownKey

SCHEMA_VERSION = 1

_WHAT = "keys-table"
_CANCELLED = "TransactionCanceledException"
_CONDITION_FAILED = "ConditionalCheckFailed"
_DAY = timedelta(days=1)


class UsedCode(Frozen):
    """A code that was used up.

    Attributes:
        code: what it says.
        digest: keyed digest of the upload, hexadecimal.
        published: what was answered.
    """

    code: UploadCode
    digest: str
    published: Published


class Written(Enum):
    """How a write ended: everything is there, or nothing changed and why."""

    DONE = auto()
    CODE_USED = auto()
    KEYS_KNOWN = auto()


class UploadStore:
    """Writes keys and uses codes up.

    Args:
        dynamodb: the DynamoDB client.
        keys_table: name of the keys table.
        used_codes_table: name of the table of used codes.
        hour: how long the hours are that keys are released in.
        region: this country, ISO 3166-1 alpha-2.
    """

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        keys_table: str,
        used_codes_table: str,
        hour: timedelta,
        region: str,
    ) -> None:
        self._dynamodb = dynamodb
        self._keys_table = keys_table
        self._used_codes_table = used_codes_table
        self._hour = hour
        self._region = region

    def use_of(self, code: UploadCode) -> UsedCode | None:
        """How a code was used; None if it was not. Read consistently.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        with aws_errors("used-codes-table"):
            item = self._dynamodb.get_item(
                TableName=self._used_codes_table,
                Key={"jti": {"S": code.jti}},
                ConsistentRead=True,
            ).get("Item")
        if item is None:
            return None
        if int(item["schema"]["N"]) > SCHEMA_VERSION:
            raise Rejected("used-code-schema-unknown", "the item has a newer schema version")
        return UsedCode(
            code=code,
            digest=item["digest"]["S"],
            published=Published.model_validate_json(item["published"]["S"]),
        )

    def write(self, used: UsedCode, keys: Sequence[DiagnosisKey], now: datetime) -> Written:
        """Use a code up and store keys, or do neither.

        Raises:
            Unavailable: the tables did not answer, or others wrote the same items just then.
        """
        items = [self._use(used)]
        for key in keys:
            items += self._puts(key, release_hour(key, now, self._hour))
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                if error_code(error) != _CANCELLED:
                    raise
                return _why(error)
        return Written.DONE

    def known(self, keys: AbstractSet[bytes]) -> dict[bytes, KnownKey]:
        """Those of up to 30 keys that are there, by their 16 bytes, read consistently.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer for all of them.
        """
        wanted: list[dict[str, Any]] = [
            {"shard": {"S": known_shard(key)}, "key": {"S": key.hex()}} for key in keys
        ]
        with aws_errors(_WHAT):
            answer = self._dynamodb.batch_get_item(
                RequestItems={self._keys_table: {"Keys": wanted, "ConsistentRead": True}}
            )
        if answer.get("UnprocessedKeys"):
            raise Unavailable(f"{_WHAT}:UnprocessedKeys")
        found = (
            known_key(item, self._region) for item in answer["Responses"].get(self._keys_table, [])
        )
        return {key.key_data: key for key in found}

    def _use(self, used: UsedCode) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._used_codes_table,
                "Item": {
                    "jti": {"S": used.code.jti},
                    "schema": {"N": str(SCHEMA_VERSION)},
                    "digest": {"S": used.digest},
                    "published": {"S": used.published.model_dump_json()},
                    "expires_at": {"N": str(int(_kept_until(used.code).timestamp()))},
                },
                "ConditionExpression": "attribute_not_exists(jti)",
            }
        }

    def _puts(self, key: DiagnosisKey, hour: datetime) -> list[TransactWriteItemTypeDef]:
        provenance = Provenance(origin=self._region)
        return [
            {
                "Put": {
                    "TableName": self._keys_table,
                    "Item": known_item(key, hour, provenance),
                    "ConditionExpression": "attribute_not_exists(expires_at)",
                }
            },
            {
                "Put": {
                    "TableName": self._keys_table,
                    "Item": released_item(key, hour, provenance),
                }
            },
        ]


def _kept_until(code: UploadCode) -> datetime:
    """When no code of the same result can be alive: to the day, which tells no time of upload."""
    last = code.issued_at.astimezone(UTC) + GIVEN_FOR + LIFETIME + _DAY
    return last.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def _why(error: ClientError) -> Written:
    """Which condition did not hold.

    Raises:
        Unavailable: none: the transaction met another one.
    """
    reasons = [str(reason.get("Code")) for reason in error.response.get("CancellationReasons", [])]
    if reasons[:1] == [_CONDITION_FAILED]:
        return Written.CODE_USED
    if _CONDITION_FAILED in reasons:
        return Written.KEYS_KNOWN
    other = next((reason for reason in reasons if reason != "None"), _CANCELLED)
    raise Unavailable(f"{_WHAT}:{other}")
