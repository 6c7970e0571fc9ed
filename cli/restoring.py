"""Restoring a table into a new one, as it was at a moment."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb.client import DynamoDBClient

# What DynamoDB refuses for good, and why in its own words' stead.
_REFUSALS = {
    "TableNotFoundException": "there is no such table",
    "ResourceNotFoundException": "there is no such table",
    "TableAlreadyExistsException": "there is a table of the new name",
    "ResourceInUseException": "there is a table of the new name, or it is not ready yet",
    "InvalidRestoreTimeException": "the table cannot be restored to that moment",
    "PointInTimeRecoveryUnavailableException": "the table has no point-in-time recovery",
}


class Restored(NamedTuple):
    """A table that was restored.

    Attributes:
        active: whether it can be read.
        moment: the moment that it stands at; None where DynamoDB does not say.
        items: how many it has, as DynamoDB counts every six hours.
    """

    active: bool
    moment: datetime | None
    items: int


class TableRestore:
    """Restores tables from their continuous backup.

    Args:
        dynamodb: the DynamoDB client.
    """

    def __init__(self, dynamodb: DynamoDBClient) -> None:
        self._dynamodb = dynamodb

    def start(self, source: str, target: str, moment: datetime | None) -> None:
        """Start to restore a table; DynamoDB takes from minutes to hours.

        Args:
            source: name of the table.
            target: name of the new table.
            moment: aware; None for the latest that there is.

        Raises:
            Rejected: `restore-refused`.
            Unavailable: DynamoDB did not answer.
        """
        when: Any = (
            {"UseLatestRestorableTime": True} if moment is None else {"RestoreDateTime": moment}
        )
        with _refusals():
            self._dynamodb.restore_table_to_point_in_time(
                SourceTableName=source, TargetTableName=target, **when
            )

    def state(self, table: str) -> Restored:
        """How far a table has come.

        Raises:
            Rejected: `restore-refused`, there is no such table.
            Unavailable: DynamoDB did not answer.
        """
        with _refusals():
            found = self._dynamodb.describe_table(TableName=table)["Table"]
        return Restored(
            active=found["TableStatus"] == "ACTIVE",
            moment=found.get("RestoreSummary", {}).get("RestoreDateTime"),
            items=found.get("ItemCount", 0),
        )

    def protect(self, source: str, target: str) -> None:
        """Give a restored table what a restore leaves out, as its source has it.

        Continuous backup, expiry of items and protection from deletion; doing it again
        changes nothing.

        Raises:
            Rejected: `restore-refused`, a table is not there or not ready.
            Unavailable: DynamoDB did not answer.
        """
        with _refusals():
            expiry = self._expiry(source)
            if expiry and self._expiry(target) is None:
                self._dynamodb.update_time_to_live(
                    TableName=target,
                    TimeToLiveSpecification={"Enabled": True, "AttributeName": expiry},
                )
            self._dynamodb.update_continuous_backups(
                TableName=target,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
            protected = self._protected(source)
            if protected != self._protected(target):
                self._dynamodb.update_table(TableName=target, DeletionProtectionEnabled=protected)

    def _expiry(self, table: str) -> str | None:
        """The attribute that items expire by; None if they do not."""
        found = self._dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        expires = found.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}
        return found.get("AttributeName") if expires else None

    def _protected(self, table: str) -> bool:
        found = self._dynamodb.describe_table(TableName=table)["Table"]
        return found.get("DeletionProtectionEnabled", False)


@contextmanager
def _refusals() -> Iterator[None]:
    with aws_errors("dynamodb"):
        try:
            yield
        except ClientError as error:
            reason = _REFUSALS.get(error_code(error))
            if reason is None:
                raise
        else:
            return
    raise Rejected("restore-refused", reason)
