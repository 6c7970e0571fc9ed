"""Reading the counts of the days that have changed, and keeping what was read.

The counts table is described in `vigie.statistics.cell`. What was read of a day stands there as
one item, so that a publication of years reads the cells of a few days only.
"""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from statistics_publication.cell_reading import day_of_cells
from statistics_publication.day_document import DayDocument
from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected
from vigie.statistics.cell import SHARDS, cells_list, changed_list, days_list, hour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from statistics_publication.day_counts import DayCounts

SCHEMA_VERSION = 1
# A day is noted as changed for an hour, perhaps at its beginning, and changes a little later.
_NOTED_BEFORE = timedelta(hours=2)
_PROGRESS = "progress"


class CountReader:
    """Reads the counts table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table of counts.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def refresh(self, disease: str, now: datetime) -> list[date]:
        """Read every day anew that has changed since the time before.

        Args:
            disease: key of the disease catalogue.
            now: the present, aware.

        Returns:
            The days that were read.

        Raises:
            Rejected: a newer version of the system wrote a cell.
            Unavailable: the table did not answer.
        """
        changed = self._changed(disease, self._read_since(disease))
        for day in changed:
            self._keep(disease, day_of_cells(day, self._cells(disease, day)), now)
        self._note_read(disease, now)
        return changed

    def days(self, disease: str, first: date, until: date) -> Iterator[DayCounts]:
        """The counts of the days from one to another, as they were last read, the oldest first.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        within = {":first": str(first), ":end": str(until)}
        for item in self._query(days_list(disease), "entry BETWEEN :first AND :end", within):
            _refuse_newer(item)
            text = gzip.decompress(bytes(item["document"]["B"]))
            yield DayDocument.model_validate_json(text).counts(
                date.fromisoformat(item["entry"]["S"])
            )

    def _read_since(self, disease: str) -> str:
        """The first hour whose notes of changes have not been heeded for sure."""
        with aws_errors("counts-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(days_list(disease), _PROGRESS), ConsistentRead=True
            )
        item = answer.get("Item")
        if item is None:
            return ""
        return hour(datetime.fromisoformat(item["through"]["S"]) - _NOTED_BEFORE)

    def _changed(self, disease: str, since: str) -> list[date]:
        items = self._query(changed_list(disease), "entry >= :since", {":since": since or "0"})
        return sorted({date.fromisoformat(item["entry"]["S"].split("#")[1]) for item in items})

    def _cells(self, disease: str, day: date) -> Iterator[dict[str, Any]]:
        for shard in range(SHARDS):
            for item in self._query(cells_list(disease, day, shard)):
                _refuse_newer(item)
                yield item

    def _keep(self, disease: str, counts: DayCounts, now: datetime) -> None:
        """Keep what was read of a day, unless a later run has."""
        document = DayDocument.of(counts).model_dump_json(exclude_defaults=True)
        self._put(
            disease,
            str(counts.day),
            {"document": {"B": gzip.compress(document.encode(), mtime=0)}},
            now,
        )

    def _note_read(self, disease: str, now: datetime) -> None:
        self._put(disease, _PROGRESS, {}, now)

    def _put(self, disease: str, entry: str, what: dict[str, Any], now: datetime) -> None:
        through = now.astimezone(UTC).isoformat()
        with aws_errors("counts-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        **_key(days_list(disease), entry),
                        "schema": {"N": str(SCHEMA_VERSION)},
                        "through": {"S": through},
                        **what,
                    },
                    ConditionExpression="attribute_not_exists(#list) OR through <= :through",
                    ExpressionAttributeNames={"#list": "list"},
                    ExpressionAttributeValues={":through": {"S": through}},
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def _query(
        self, listed: str, condition: str = "", values: dict[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        more: dict[str, Any] = {}
        said = {":list": listed, **(values or {})}
        while True:
            with aws_errors("counts-table"):
                answer = self._dynamodb.query(
                    TableName=self._table,
                    KeyConditionExpression="#list = :list"
                    + (f" AND {condition}" if condition else ""),
                    ExpressionAttributeNames={"#list": "list"},
                    ExpressionAttributeValues={name: {"S": text} for name, text in said.items()},
                    ConsistentRead=True,
                    **more,
                )
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _key(listed: str, entry: str) -> dict[str, Any]:
    return {"list": {"S": listed}, "entry": {"S": entry}}


def _refuse_newer(item: dict[str, Any]) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("counts-schema-unknown", "the item has a newer schema version")
