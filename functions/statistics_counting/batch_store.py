"""Batches of counting, and the counts that each adds to: in one transaction, or not at all.

A batch is opened before the accounts are written that name it, and closed by the transaction that
adds to the counts. So one that is not there was committed. One whose function died stays open; who
meets it later gives it up, after which it can never be committed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from statistics_counting.account import Fate
from statistics_counting.table_reading import read_items
from vigie.aws import aws_errors, cancellation_codes, error_code
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    from statistics_counting.history import Counts

SCHEMA_VERSION = 1
# One transaction takes 100 items: one of them closes the batch.
MOST_CELLS = 99
_TRIES = 8
# No function works on a batch for as long: it would have been stopped.
_ABANDONED_AFTER = timedelta(minutes=3)
_STATE = {"#state": "state"}
_OPEN, _GIVEN_UP = "open", "given-up"


class BatchStore:
    """Opens, commits and gives up batches.

    In the counted table a batch is the item `batch#<id>` with its `state` and `opened_at`. The
    counts table is described in `vigie.statistics.cell`.

    Args:
        dynamodb: the DynamoDB client.
        counted_table: name of the table of counted tests.
        counts_table: name of the table of counts.
        pause: waits for the next try, which is given from 0.
    """

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        counted_table: str,
        counts_table: str,
        pause: Callable[[int], None],
    ) -> None:
        self._dynamodb = dynamodb
        self._counted_table = counted_table
        self._counts_table = counts_table
        self._pause = pause

    def open(self, batch: str, now: datetime, expires_at: int) -> None:
        """Open a batch.

        Args:
            batch: its id.
            now: the present, aware.
            expires_at: Unix seconds after which no account names it any more.

        Raises:
            Unavailable: the table did not answer.
        """
        with aws_errors("counted-table"):
            self._dynamodb.put_item(
                TableName=self._counted_table,
                Item={
                    **_key(batch),
                    "state": {"S": _OPEN},
                    "opened_at": {"S": now.isoformat()},
                    "schema": {"N": str(SCHEMA_VERSION)},
                    "expires_at": {"N": str(expires_at)},
                },
            )

    def fates(self, batches: Collection[str], now: datetime) -> dict[str, Fate]:
        """What became of batches: those that are not committed. Abandoned ones are given up.

        Args:
            batches: their ids.
            now: the present, aware.

        Raises:
            Unavailable: the table did not answer.
        """
        if not batches:
            return {}
        keys = sorted(f"batch#{batch}" for batch in batches)
        items = read_items(self._dynamodb, self._counted_table, keys, consistent=True)
        found = ((item["counted"]["S"].partition("#")[2], item) for item in items)
        before = now - _ABANDONED_AFTER
        fates = {batch: self._fate(batch, item, before) for batch, item in found}
        return {batch: fate for batch, fate in fates.items() if fate is not None}

    def commit(self, batch: str, counts: Counts) -> bool:
        """Close a batch and add to the counts; False if it was given up meanwhile.

        Args:
            batch: its id.
            counts: what to add, in at most 99 cells.

        Raises:
            Unavailable: the tables did not answer, or others kept writing the same cells.
        """
        writes = [self._closing(batch), *self._additions(counts)]
        for attempt in range(_TRIES):
            with aws_errors("counts-table"):
                try:
                    self._dynamodb.transact_write_items(TransactItems=writes)
                except ClientError as error:
                    codes = _reasons(error)
                    if "ConditionalCheckFailed" in codes:
                        return self._is_committed(batch)
                    if codes != {"TransactionConflict"}:
                        raise
                else:
                    return True
            self._pause(attempt)
        raise Unavailable("counts-table:contended")

    def _is_committed(self, batch: str) -> bool:
        """Whether a batch that is not open was committed, by an earlier try without an answer."""
        return not read_items(
            self._dynamodb, self._counted_table, [f"batch#{batch}"], consistent=True
        )

    def _fate(self, batch: str, item: dict[str, Any], abandoned_before: datetime) -> Fate | None:
        if item["state"]["S"] == _GIVEN_UP:
            return Fate.GIVEN_UP
        if datetime.fromisoformat(item["opened_at"]["S"]) >= abandoned_before:
            return Fate.OPEN
        return Fate.GIVEN_UP if self._give_up(batch) else None

    def _give_up(self, batch: str) -> bool:
        """Whether a batch is given up; False if it was committed."""
        with aws_errors("counted-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._counted_table,
                    Key=_key(batch),
                    UpdateExpression="SET #state = :given_up",
                    ConditionExpression="attribute_exists(counted)",
                    ExpressionAttributeNames=_STATE,
                    ExpressionAttributeValues={":given_up": {"S": _GIVEN_UP}},
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def _closing(self, batch: str) -> TransactWriteItemTypeDef:
        return {
            "Delete": {
                "TableName": self._counted_table,
                "Key": _key(batch),
                "ConditionExpression": "#state = :open",
                "ExpressionAttributeNames": _STATE,
                "ExpressionAttributeValues": {":open": {"S": _OPEN}},
            }
        }

    def _additions(self, counts: Counts) -> list[TransactWriteItemTypeDef]:
        by_cell: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for count, number in sorted(counts.items()):
            by_cell[count.cell.list, count.cell.entry].append((count.name, number))
        return [
            {
                "Update": {
                    "TableName": self._counts_table,
                    "Key": {"list": {"S": listed}, "entry": {"S": entry}},
                    "UpdateExpression": "SET #schema = :schema ADD "
                    + ", ".join(f"#{place} :{place}" for place in range(len(added))),
                    "ExpressionAttributeNames": {
                        "#schema": "schema",
                        **{f"#{place}": name for place, (name, _) in enumerate(added)},
                    },
                    "ExpressionAttributeValues": {
                        ":schema": {"N": str(SCHEMA_VERSION)},
                        **{f":{place}": {"N": str(by)} for place, (_, by) in enumerate(added)},
                    },
                }
            }
            for (listed, entry), added in by_cell.items()
        ]


def _key(batch: str) -> dict[str, AttributeValueTypeDef]:
    return {"counted": {"S": f"batch#{batch}"}}


def _reasons(error: ClientError) -> set[str]:
    """Why a transaction was cancelled; nothing for any other error."""
    return set(cancellation_codes(error)) - {"None"}
