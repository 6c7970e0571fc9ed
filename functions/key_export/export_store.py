"""The exports table: how far exports have come, and which batches have files.

Partition key `list`, sort key `entry`, both text. One list for each region that has exports,
named by the folder of its files, for there are a few items:

- `progress`: every key released before `through` is exported. While a batch is being
  exported, also its end and the seed of its padding.
- `batch#<start>`: a batch with files and what anyone can see of each, until they are deleted.

Every step is conditional on the one before it: of two runs that take it, one does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from key_export.batch import Batch, PlannedBatch, PublishedBatch
from key_export.file_facts import FileFacts
from vigie.aws import TRANSACTION_CANCELLED, aws_errors, cancellation_codes, error_code
from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef


# 2: facts of files.
SCHEMA_VERSION = 2

_PROGRESS = "progress"
_BATCH = "batch#"
_STILL_THERE = "#through = :start"
_NONE_PLANNED = "attribute_not_exists(planned_end)"


class Progress(Frozen):
    """How far exports have come.

    Attributes:
        through: every key released before it is exported.
        planned: the batch that is being exported, if one is.
    """

    through: datetime
    planned: PlannedBatch | None


class ExportStore:
    """Writes the exports table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the exports table.
        root: folder of the region's files.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, root: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._list = root

    def progress(self) -> Progress | None:
        """How far exports have come, read consistently; None before the first run.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        with aws_errors("exports-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=self._key(_PROGRESS), ConsistentRead=True
            )
        item: dict[str, Any] | None = answer.get("Item")
        if item is None:
            return None
        _refuse_newer(item)
        through = _read_time(item["through"])
        if "planned_end" not in item:
            return Progress(through=through, planned=None)
        planned = PlannedBatch(
            start=through, end=_read_time(item["planned_end"]), seed=bytes(item["seed"]["B"])
        )
        return Progress(through=through, planned=planned)

    def begin(self, through: datetime) -> None:
        """Say where exports begin, unless that is said.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("exports-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={**self._key(_PROGRESS), **_schema(), "through": _time(through)},
                    ConditionExpression="attribute_not_exists(entry)",
                )
            except ClientError as error:
                if not _is_lost(error):
                    raise

    def pass_over(self, batch: Batch) -> None:
        """Note that a batch has no key, unless another run has gone on.

        Raises:
            Unavailable: the table did not answer.
        """
        self._step("SET #through = :end", batch, {":end": _time(batch.end)})

    def plan(self, batch: Batch, seed: bytes) -> None:
        """Note that a batch is being exported, unless another run has gone on.

        Raises:
            Unavailable: the table did not answer.
        """
        self._step(
            "SET planned_end = :end, seed = :seed",
            batch,
            {":end": _time(batch.end), ":seed": {"B": seed}},
        )

    def finish(self, batch: Batch, facts: Sequence[FileFacts]) -> None:
        """Note that all files of the planned batch are in the bucket, unless that is noted.

        The seed goes: from then on nobody can tell which keys were padding.

        Args:
            batch: that was planned.
            facts: of each file.

        Raises:
            Unavailable: the table did not answer.
        """
        finished: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self._table,
                "Key": self._key(_PROGRESS),
                "UpdateExpression": "SET #through = :end REMOVE planned_end, seed",
                "ConditionExpression": f"{_STILL_THERE} AND planned_end = :end",
                "ExpressionAttributeNames": {"#through": "through"},
                "ExpressionAttributeValues": {
                    ":start": _time(batch.start),
                    ":end": _time(batch.end),
                },
            }
        }
        published: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self._table,
                "Item": {
                    **self._key(_batch_entry(batch)),
                    **_schema(),
                    "start": _time(batch.start),
                    "end": _time(batch.end),
                    "files": {"N": str(len(facts))},
                    "facts": {"L": [_facts_item(each) for each in facts]},
                },
            }
        }
        with aws_errors("exports-table"):
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[finished, published] if facts else [finished]
                )
            except ClientError as error:
                if not _is_lost(error):
                    raise

    def published(self) -> list[PublishedBatch]:
        """The batches that have files, oldest first, read consistently.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        with aws_errors("exports-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="#list = :list AND begins_with(entry, :batch)",
                ExpressionAttributeNames={"#list": "list"},
                ExpressionAttributeValues={":list": {"S": self._list}, ":batch": {"S": _BATCH}},
                ConsistentRead=True,
            )
            return [_published(item) for page in pages for item in page["Items"]]

    def forget(self, batch: Batch) -> None:
        """Forget a batch whose files are deleted.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("exports-table"):
            self._dynamodb.delete_item(TableName=self._table, Key=self._key(_batch_entry(batch)))

    def _key(self, entry: str) -> dict[str, AttributeValueTypeDef]:
        return {"list": {"S": self._list}, "entry": {"S": entry}}

    def _step(
        self, expression: str, batch: Batch, values: dict[str, AttributeValueTypeDef]
    ) -> None:
        with aws_errors("exports-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=self._key(_PROGRESS),
                    UpdateExpression=expression,
                    ConditionExpression=f"{_STILL_THERE} AND {_NONE_PLANNED}",
                    ExpressionAttributeNames={"#through": "through"},
                    ExpressionAttributeValues={":start": _time(batch.start), **values},
                )
            except ClientError as error:
                if not _is_lost(error):
                    raise


def _batch_entry(batch: Batch) -> str:
    return f"{_BATCH}{batch.start.isoformat()}"


def _published(item: dict[str, Any]) -> PublishedBatch:
    _refuse_newer(item)
    return PublishedBatch(
        start=_read_time(item["start"]),
        end=_read_time(item["end"]),
        files=int(item["files"]["N"]),
        facts=tuple(_facts(each["M"]) for each in item.get("facts", {"L": []})["L"]),
    )


def _facts_item(facts: FileFacts) -> AttributeValueTypeDef:
    return {
        "M": {
            "bytes": {"N": str(facts.size)},
            "sha256": {"S": facts.sha256},
            "keys": {"N": str(facts.keys)},
            "revised_keys": {"N": str(facts.revised_keys)},
        }
    }


def _facts(written: dict[str, Any]) -> FileFacts:
    return FileFacts(
        size=int(written["bytes"]["N"]),
        sha256=written["sha256"]["S"],
        keys=int(written["keys"]["N"]),
        revised_keys=int(written["revised_keys"]["N"]),
    )


def _schema() -> dict[str, AttributeValueTypeDef]:
    return {"schema": {"N": str(SCHEMA_VERSION)}}


def _time(moment: datetime) -> AttributeValueTypeDef:
    return {"S": moment.isoformat()}


def _read_time(value: dict[str, str]) -> datetime:
    return datetime.fromisoformat(value["S"]).astimezone(UTC)


def _refuse_newer(item: dict[str, Any]) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("export-schema-unknown", "the item has a newer schema version")


def _is_lost(error: ClientError) -> bool:
    """Whether a condition did not hold, and nothing else went wrong."""
    if error_code(error) == TRANSACTION_CANCELLED:
        return set(cancellation_codes(error)) - {"None"} == {"ConditionalCheckFailed"}
    return error_code(error) == "ConditionalCheckFailedException"
