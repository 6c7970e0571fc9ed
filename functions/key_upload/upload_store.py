"""The keys table and the used codes, as an upload writes them: all of it or nothing.

An upload of n keys, new or revised, is one transaction of 2n + 1 items, of the 100 that DynamoDB
takes. The record of an upload names no key and no time: it says what was answered, which keys of
the request were stored by their places in it, and by a keyed digest whether another request is
the same one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from key_upload.answer import Published
from vigie.aws import TRANSACTION_CANCELLED, aws_errors, cancellation_codes, error_code
from vigie.errors import Rejected, Unavailable
from vigie.model import Frozen
from vigie.tracing.release import release_hour, revision_hour
from vigie.tracing.stored_key import (
    known_item,
    known_key,
    known_shard,
    released_item,
    revised_item,
    revised_known_item,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import timedelta

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from key_upload.republishing import Changes, Revision
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.stored_key import KnownKey, Provenance

SCHEMA_VERSION = 1

_WHAT = "keys-table"
_CONDITION_FAILED = "ConditionalCheckFailed"


class Upload(Frozen):
    """An upload, as it is remembered for who asks again.

    Attributes:
        name: what permits one upload is known by it; for others, the upload is.
        digest: keyed digest of the upload, hexadecimal.
        published: what was answered.
        stored: which of the request's keys were stored or revised, by their places in the order
            of `publishing`.
        kept_until: how long it is remembered.
    """

    name: str
    digest: str
    published: Published
    stored: tuple[int, ...]
    kept_until: datetime


class Written(Enum):
    """How a write ended: everything is there, or nothing changed and why."""

    DONE = auto()
    PERMISSION_USED = auto()
    KEYS_CHANGED = auto()


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

    def upload(self, name: str) -> Upload | None:
        """An upload that was taken; None if there is none of that name. Read consistently.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        with aws_errors("used-codes-table"):
            item = self._dynamodb.get_item(
                TableName=self._used_codes_table, Key={"jti": {"S": name}}, ConsistentRead=True
            ).get("Item")
        if item is None:
            return None
        if int(item["schema"]["N"]) > SCHEMA_VERSION:
            raise Rejected("used-code-schema-unknown", "the item has a newer schema version")
        return Upload(
            name=name,
            digest=item["digest"]["S"],
            published=Published.model_validate_json(item["published"]["S"]),
            # Nothing is said where nothing was stored, as for a code that became a certificate.
            stored=tuple(int(place["N"]) for place in item.get("stored", {"L": []})["L"]),
            kept_until=datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
        )

    def write(
        self, upload: Upload, changes: Changes, provenance: Provenance, now: datetime
    ) -> Written:
        """Remember an upload, store its keys and revise those that are there, or do nothing.

        Raises:
            Unavailable: the tables did not answer, or others wrote the same items just then.
        """
        items = [self._remembered(upload)]
        for key in changes.new:
            items += self._puts(key, release_hour(key, now, self._hour), provenance)
        for revision in changes.revised:
            items += self._revision(revision, now)
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                if error_code(error) != TRANSACTION_CANCELLED:
                    raise
                return _why(error)
        return Written.DONE

    def known(self, keys: AbstractSet[bytes]) -> dict[bytes, KnownKey]:
        """Those of up to 100 keys that are there, by their 16 bytes, read consistently.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer for all of them.
        """
        if not keys:
            return {}
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

    def _remembered(self, upload: Upload) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._used_codes_table,
                "Item": {
                    "jti": {"S": upload.name},
                    "schema": {"N": str(SCHEMA_VERSION)},
                    "digest": {"S": upload.digest},
                    "published": {"S": upload.published.model_dump_json()},
                    "stored": {"L": [{"N": str(place)} for place in upload.stored]},
                    "expires_at": {"N": str(int(upload.kept_until.timestamp()))},
                },
                "ConditionExpression": "attribute_not_exists(jti)",
            }
        }

    def _puts(
        self, key: DiagnosisKey, hour: datetime, provenance: Provenance
    ) -> list[TransactWriteItemTypeDef]:
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

    def _revision(self, revision: Revision, now: datetime) -> list[TransactWriteItemTypeDef]:
        key, known = revision
        hour = revision_hour(known.released_in, now, self._hour)
        return [
            {
                "Put": {
                    "TableName": self._keys_table,
                    "Item": revised_known_item(key, known, hour),
                    "ConditionExpression": "attribute_exists(expires_at)"
                    " AND attribute_not_exists(revised_in) AND expires_at > :now",
                    "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
                }
            },
            {"Put": {"TableName": self._keys_table, "Item": revised_item(key, known, hour)}},
        ]


def _why(error: ClientError) -> Written:
    """Which condition did not hold.

    Raises:
        Unavailable: none: the transaction met another one.
    """
    reasons = cancellation_codes(error)
    if reasons[:1] == [_CONDITION_FAILED]:
        return Written.PERMISSION_USED
    if _CONDITION_FAILED in reasons:
        return Written.KEYS_CHANGED
    other = next((reason for reason in reasons if reason != "None"), TRANSACTION_CANCELLED)
    raise Unavailable(f"{_WHAT}:{other}")
