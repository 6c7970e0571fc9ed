"""Notes of the days whose counts change, for the publication, which reads these days only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.statistics.cell import changed_entry, changed_list

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

    from statistics_counting.history import Counts

SCHEMA_VERSION = 1
# Publications read what changed since the one before.
_KEPT = timedelta(days=400)


class ChangeNotes:
    """Writes them into the counts table.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table of counts.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._told: set[tuple[str, str]] = set()

    def tell(self, counts: Counts, now: datetime) -> None:
        """Note which days counts are about to change; once an hour is enough.

        Raises:
            Unavailable: the table did not answer.
        """
        for disease, day in sorted({(count.cell.disease, count.cell.day) for count in counts}):
            told = (changed_list(disease), changed_entry(now, day))
            if told in self._told:
                continue
            with aws_errors("counts-table"):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "list": {"S": told[0]},
                        "entry": {"S": told[1]},
                        "expires_at": {"N": str(int((now + _KEPT).timestamp()))},
                        "schema": {"N": str(SCHEMA_VERSION)},
                    },
                )
            self._told.add(told)
