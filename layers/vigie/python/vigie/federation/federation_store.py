"""How far the exchange with each gateway has come, and what every batch brought.

Table `federation`: partition key `list`, sort key `entry`, both text.

- `list` = `cursors`, `entry` = `download#<gateway>` or `offer#<gateway>`: how far it has come.
- `list` = `batches#<gateway>`, `entry` = `<day>#<download or offer>#<tag>`: the audit record of a
  batch, kept for 90 days. No record has a key in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient

SCHEMA_VERSION = 1
RECORDS_KEPT = timedelta(days=90)

_WHAT = "federation-table"
_CURSORS = "cursors"
_Model = TypeVar("_Model", bound=Frozen)


class Direction(StrEnum):
    """Which way a batch went."""

    DOWNLOAD = "download"
    OFFER = "offer"


class DownloadCursor(Frozen):
    """Where to go on downloading.

    Attributes:
        day: whose batches are read; None for the first that the gateway still has.
        tag: of the batch to ask for, or to ask what comes after; None for the first.
        done: whether that batch was taken over already.
    """

    day: date | None = None
    tag: str | None = None
    done: bool = False


class OfferCursor(Frozen):
    """Where to go on offering.

    Attributes:
        hour: the start of the first hour of release that was not offered whole.
    """

    hour: datetime


class BatchRecord(Frozen):
    """What became of a batch.

    Attributes:
        direction: which way it went.
        day: the gateway's, of what it gives; of the release of the keys, of what it is offered.
        tag: of the batch.
        at: when this was written.
        content_hash: SHA-256 of the body that was given, or of what was signed.
        signers: thumbprints of the certificates that signed; none where nobody did.
        keys: how many there were.
        taken: how many were new to who got them.
        known: how many were known to who got them.
        revised: how many changed what was known.
        refused: how many were not taken, by the rule.
        left: the places of the keys of an offer that were put into another one.
    """

    direction: Direction
    day: date
    tag: str
    at: datetime
    content_hash: str
    signers: tuple[str, ...]
    keys: int
    taken: int
    known: int = 0
    revised: int = 0
    refused: Mapping[str, int] = {}
    left: tuple[int, ...] = ()


class FederationStore:
    """Keeps cursors and records.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the federation table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def download_cursor(self, gateway: str) -> DownloadCursor:
        """Where to go on downloading; the beginning if nothing was yet.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        found = self._get(_CURSORS, _cursor(Direction.DOWNLOAD, gateway), DownloadCursor)
        return found or DownloadCursor()

    def move_download(self, gateway: str, cursor: DownloadCursor) -> None:
        """Go on from there.

        Raises:
            Unavailable: the table did not answer.
        """
        self._put(_CURSORS, _cursor(Direction.DOWNLOAD, gateway), cursor)

    def offer_cursor(self, gateway: str) -> OfferCursor | None:
        """Where to go on offering; None if nothing was yet.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        return self._get(_CURSORS, _cursor(Direction.OFFER, gateway), OfferCursor)

    def move_offer(self, gateway: str, cursor: OfferCursor) -> None:
        """Go on from there.

        Raises:
            Unavailable: the table did not answer.
        """
        self._put(_CURSORS, _cursor(Direction.OFFER, gateway), cursor)

    def record(self, gateway: str, direction: Direction, day: date, tag: str) -> BatchRecord | None:
        """The record of a batch; None if there is none.

        Raises:
            Rejected: it was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        return self._get(_batches(gateway), _entry(direction, day, tag), BatchRecord)

    def keep(self, gateway: str, record: BatchRecord) -> None:
        """Keep the record of a batch, in the place of an earlier one of the same batch.

        Raises:
            Unavailable: the table did not answer.
        """
        entry = _entry(record.direction, record.day, record.tag)
        self._put(_batches(gateway), entry, record, expires_at=record.at + RECORDS_KEPT)

    def records(self, gateway: str) -> Iterator[BatchRecord]:
        """The records of a gateway's batches, the last day first.

        Raises:
            Rejected: one was written by a newer version of the system.
            Unavailable: the table did not answer.
        """
        start: dict[str, Any] = {}
        while True:
            with aws_errors(_WHAT):
                page = self._dynamodb.query(
                    TableName=self._table,
                    # The name is a word of DynamoDB's own.
                    KeyConditionExpression="#list = :list",
                    ExpressionAttributeNames={"#list": "list"},
                    ExpressionAttributeValues={":list": {"S": _batches(gateway)}},
                    ScanIndexForward=False,
                    **start,
                )
            for item in page["Items"]:
                yield _read(item, BatchRecord)
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _get(self, partition: str, entry: str, model: type[_Model]) -> _Model | None:
        with aws_errors(_WHAT):
            item = self._dynamodb.get_item(
                TableName=self._table,
                Key={"list": {"S": partition}, "entry": {"S": entry}},
                ConsistentRead=True,
            ).get("Item")
        return None if item is None else _read(item, model)

    def _put(
        self, partition: str, entry: str, value: Frozen, *, expires_at: datetime | None = None
    ) -> None:
        item: dict[str, Any] = {
            "list": {"S": partition},
            "entry": {"S": entry},
            "schema": {"N": str(SCHEMA_VERSION)},
            "value": {"S": value.model_dump_json()},
        }
        if expires_at is not None:
            item["expires_at"] = {"N": str(int(expires_at.astimezone(UTC).timestamp()))}
        with aws_errors(_WHAT):
            self._dynamodb.put_item(TableName=self._table, Item=item)


def _cursor(direction: Direction, gateway: str) -> str:
    return f"{direction}#{gateway}"


def _batches(gateway: str) -> str:
    return f"batches#{gateway}"


def _entry(direction: Direction, day: date, tag: str) -> str:
    return f"{day.isoformat()}#{direction}#{tag}"


def _read(item: dict[str, Any], model: type[_Model]) -> _Model:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("federation-schema-unknown", "the item has a newer schema version")
    return model.model_validate_json(item["value"]["S"])
