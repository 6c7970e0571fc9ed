"""The keys table, as keys from abroad are written to it: each once, however often it comes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from federation_download.revision import revises
from vigie.aws import aws_errors, cancellation_codes
from vigie.errors import Unavailable
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.release import Section, release_hour, revision_hour
from vigie.tracing.stored_key import (
    known_item,
    known_key,
    known_shard,
    released_item,
    revised_item,
    revised_known_item,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from vigie.tracing.stored_key import KnownKey, ReleasedKey

_WHAT = "keys-table"
_CONDITION_FAILED = "ConditionalCheckFailed"
# A transaction has up to 100 items, and each key has two.
_TOGETHER = 50
_ATTEMPTS = 3


class Stored(NamedTuple):
    """What became of some keys.

    Attributes:
        new: how many were not there.
        known: how many were there.
        revised: how many changed what was there.
        unknown: how many are taken back that are not there.
    """

    new: int = 0
    known: int = 0
    revised: int = 0
    unknown: int = 0

    def plus(self, other: Stored) -> Stored:
        """Both together."""
        return Stored(*(one + another for one, another in zip(self, other, strict=True)))


class ForeignKeyStore:
    """Writes keys from abroad.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the keys table.
        home: this country.
        hour: how long the hours are that keys are released in.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, home: str, hour: timedelta) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._home = home
        self._hour = hour

    def store(self, keys: Iterable[ReleasedKey], now: datetime) -> Stored:
        """Store keys, and revise those that are there.

        Raises:
            Rejected: an item was written by a newer version of the system.
            Unavailable: the table did not answer, or others kept writing the same keys.
        """
        first: dict[bytes, ReleasedKey] = {}
        again: dict[bytes, ReleasedKey] = {}
        count = 0
        for one in keys:
            (again if one.key.key_data in first else first)[one.key.key_data] = one
            count += 1
        stored = Stored(known=count - len(first) - len(again))
        # A key may come together with its revision, which is the later one of the two.
        for wave in (first, again):
            left = iter(wave.values())
            while some := tuple(islice(left, _TOGETHER)):
                stored = stored.plus(self._store(some, now))
        return stored

    def _store(self, keys: Sequence[ReleasedKey], now: datetime) -> Stored:
        for _ in range(_ATTEMPTS):
            known = self._known(keys)
            items: list[TransactWriteItemTypeDef] = []
            new = revised = unknown = 0
            for one in keys:
                there = known.get(one.key.key_data)
                if there is None and one.key.report_type is ReportType.REVOKED:
                    unknown += 1
                elif there is None:
                    items += self._new(one, now)
                    new += 1
                elif revises(one, there):
                    items += self._revision(one, there, now)
                    revised += 1
            if not items or self._written(items):
                return Stored(new, len(keys) - new - revised - unknown, revised, unknown)
        raise Unavailable(f"{_WHAT}:too-many-attempts")

    def _known(self, keys: Sequence[ReleasedKey]) -> dict[bytes, KnownKey]:
        wanted: list[dict[str, Any]] = [
            {"shard": {"S": known_shard(one.key.key_data)}, "key": {"S": one.key.key_data.hex()}}
            for one in keys
        ]
        with aws_errors(_WHAT):
            answer = self._dynamodb.batch_get_item(
                RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
            )
        if answer.get("UnprocessedKeys"):
            raise Unavailable(f"{_WHAT}:UnprocessedKeys")
        found = (known_key(item, self._home) for item in answer["Responses"].get(self._table, []))
        return {key.key_data: key for key in found}

    def _new(self, one: ReleasedKey, now: datetime) -> list[TransactWriteItemTypeDef]:
        key, provenance = one
        hour = release_hour(key, now, self._hour)
        known = known_item(key, hour, provenance, Section.ABROAD)
        released = released_item(key, hour, provenance, Section.ABROAD)
        return [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": known,
                    "ConditionExpression": "attribute_not_exists(expires_at)",
                }
            },
            {"Put": {"TableName": self._table, "Item": released}},
        ]

    def _revision(
        self, one: ReleasedKey, known: KnownKey, now: datetime
    ) -> list[TransactWriteItemTypeDef]:
        hour = revision_hour(known.released_in, now, self._hour)
        return [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": revised_known_item(one.key, known, hour),
                    "ConditionExpression": (
                        "attribute_exists(expires_at) AND attribute_not_exists(revised_in)"
                        " AND expires_at > :now"
                    ),
                    "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
                }
            },
            {"Put": {"TableName": self._table, "Item": revised_item(one.key, known, hour)}},
        ]

    def _written(self, items: list[TransactWriteItemTypeDef]) -> bool:
        """Whether all was written; nothing is if somebody wrote one of the keys meanwhile."""
        with aws_errors(_WHAT):
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                if _CONDITION_FAILED not in cancellation_codes(error):
                    raise
                return False
        return True
