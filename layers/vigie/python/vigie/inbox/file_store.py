"""The files table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.inbox.file_record import (
    SHARDS,
    FilePart,
    FileRecord,
    FileState,
    from_item,
    open_shard,
    to_item,
    write_arrival_time,
    write_moment,
    write_parts,
    write_summary,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime, timedelta

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from vigie.inbox.file_summary import FileSummary
    from vigie.inbox.inbox_file import InboxFile

OPEN, BY_LABORATORY = "open", "by-laboratory"
# How often the table is asked for what it left unanswered.
_ROUNDS = 8


class FilePage(NamedTuple):
    """Some files of a laboratory.

    Attributes:
        files: the last that arrived first; of each what the index has, which is not its parts.
        before: what to ask for the files that arrived earlier by; None at the end, before which
            a page may be empty.
    """

    files: list[FileRecord]
    before: str | None


class FileStore:
    """Keeps how far each file of the inbox has come.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the files table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def open(self, file: InboxFile, *, now: datetime, retention: timedelta) -> FileRecord:
        """Note that a file arrived; if that was noted before, give the record as it is.

        Raises:
            Rejected: the key has no laboratory.
            Unavailable: the table did not answer.
        """
        expires_at = int((file.received_at + retention).timestamp())
        item = to_item(file, opened_at=now, expires_at=expires_at)
        with aws_errors("files-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(file_id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                found: Any = error.response.get("Item")
                return from_item(found) if found else self.get(file.file_id)
        return from_item(item)

    def get(self, file_id: str) -> FileRecord:
        """The record of a file, read consistently.

        Raises:
            Rejected: `file-record-gone`, there is none any more.
            Unavailable: the table did not answer.
        """
        with aws_errors("files-table"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"file_id": {"S": file_id}}, ConsistentRead=True
            )
        if "Item" not in answer:
            raise _gone()
        return from_item(answer["Item"])

    def states(self, file_ids: Collection[str]) -> dict[str, FileState]:
        """The state of each of some files, up to 100, that has a record; read consistently.

        Raises:
            Unavailable: the table did not answer for each of them.
        """
        found: dict[str, FileState] = {}
        wanted: Any = [{"file_id": {"S": file_id}} for file_id in file_ids]
        for _ in range(_ROUNDS):
            if not wanted:
                return found
            request: Any = {
                "Keys": wanted,
                "ProjectionExpression": "file_id, #state",
                "ExpressionAttributeNames": {"#state": "state"},
                "ConsistentRead": True,
            }
            with aws_errors("files-table"):
                answer: Any = self._dynamodb.batch_get_item(RequestItems={self._table: request})
            items = answer.get("Responses", {}).get(self._table, [])
            found.update((item["file_id"]["S"], FileState(item["state"]["S"])) for item in items)
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys")
        raise Unavailable("files-table:UnprocessedKeys")

    def note_parts(
        self, file_id: str, file_format: str, parts: tuple[FilePart, ...], *, now: datetime
    ) -> tuple[FilePart, ...]:
        """Note how a file is cut, once: parts that are noted stay, however it is cut again.

        Its parts are tried from now on, so that it counts as open from now on.

        Returns:
            The parts that are noted.

        Raises:
            Rejected: `file-record-gone`.
            Unavailable: the table did not answer.
        """
        noted = self._update(
            file_id,
            "SET parts = if_not_exists(parts, :parts), #format = :format, open_since = :now",
            {
                ":parts": write_parts(parts),
                ":format": {"S": file_format},
                ":now": {"S": write_moment(now)},
            },
            {"#format": "format"},
        )
        return noted.parts

    def note_done(self, file_id: str, part: int) -> FileRecord:
        """Note that a part left its fragment, once or more often, and give the record after.

        Raises:
            Rejected: `file-record-gone`.
            Unavailable: the table did not answer.
        """
        return self._update(file_id, "ADD done :part", {":part": {"NS": [str(part)]}}, {})

    def note_acknowledged(
        self, file_id: str, file_format: str | None, summary: FileSummary
    ) -> None:
        """Note that the laboratory has its full answer; the file is open no more.

        Args:
            file_id: of the file.
            file_format: the format that was recognised, if any was.
            summary: what the file held.

        Raises:
            Rejected: `file-record-gone`.
            Unavailable: the table did not answer.
        """
        changes = "SET #state = :state, summary = :summary"
        values: dict[str, AttributeValueTypeDef] = {
            ":state": {"S": FileState.ACKNOWLEDGED},
            ":summary": write_summary(summary),
        }
        names = {"#state": "state"}
        if file_format is not None:
            changes += ", #format = :format"
            values[":format"] = {"S": file_format}
            names["#format"] = "format"
        self._update(file_id, f"{changes} REMOVE open_shard, open_since", values, names)

    def note_refused(self, file_id: str, summary: FileSummary) -> None:
        """Note that the laboratory was told that it is not let in, unless it has its full answer.

        Args:
            file_id: of the file.
            summary: what it was told.

        Raises:
            Unavailable: the table did not answer.
        """
        states = (FileState.RECEIVED, FileState.INCOMPLETE)
        self._close(file_id, states, FileState.REFUSED, summary)

    def reopen(self, file_id: str, *, now: datetime) -> None:
        """Note that a file that was refused is read after all, and is open from now on.

        Raises:
            Unavailable: the table did not answer.
        """
        self._move(
            file_id,
            (FileState.REFUSED,),
            "SET #state = :state, open_shard = :shard, open_since = :now",
            {
                ":state": {"S": FileState.RECEIVED},
                ":shard": {"S": open_shard(file_id)},
                ":now": {"S": write_moment(now)},
            },
        )

    def note_incomplete(self, file_id: str, summary: FileSummary) -> bool:
        """Note that the laboratory knows what is missing, unless it has its full answer.

        Args:
            file_id: of the file.
            summary: what the parts of the file that were read held.

        Returns:
            Whether it was noted.

        Raises:
            Unavailable: the table did not answer.
        """
        return self._close(file_id, (FileState.RECEIVED,), FileState.INCOMPLETE, summary)

    def open_since(self, before: datetime, *, limit: int) -> Iterator[str]:
        """Ids of files that have been open since before a time, oldest first in each shard.

        The index is eventually consistent: read the record before acting on it.

        Args:
            before: aware.
            limit: the most to give of each shard.

        Raises:
            Unavailable: the table did not answer.
        """
        for shard in range(SHARDS):
            with aws_errors("files-table"):
                answer = self._dynamodb.query(
                    TableName=self._table,
                    IndexName=OPEN,
                    KeyConditionExpression="open_shard = :shard AND open_since < :before",
                    ExpressionAttributeValues={
                        ":shard": {"S": str(shard)},
                        ":before": {"S": write_moment(before)},
                    },
                    Limit=limit,
                )
            yield from (item["file_id"]["S"] for item in answer["Items"])

    def history(self, laboratory: str, *, before: str | None = None, limit: int) -> FilePage:
        """Files of a laboratory, the last that arrived first (eventually consistent).

        Args:
            laboratory: its FINESS.
            before: from the page before; without it the page begins with the newest file.
            limit: the most to give, at least 1.

        Raises:
            Rejected: a file was recorded by a newer version of the system.
            Unavailable: the table did not answer.
        """
        condition, values = "laboratory = :laboratory", {":laboratory": {"S": laboratory}}
        if before is not None:
            condition += " AND arrived < :before"
            values[":before"] = {"S": before}
        with aws_errors("files-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_LABORATORY,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=cast("Any", values),
                ScanIndexForward=False,
                Limit=limit,
            )
        items = answer["Items"]
        more = "LastEvaluatedKey" in answer and bool(items)
        return FilePage(
            files=[from_item(item) for item in items],
            before=items[-1]["arrived"]["S"] if more else None,
        )

    def arrived_since(self, laboratory: str, since: datetime) -> Iterator[FileRecord]:
        """Files of a laboratory that arrived at a time or later, in that order.

        As `history`, but all of them.

        Args:
            laboratory: its FINESS.
            since: aware.

        Raises:
            Rejected: a file was recorded by a newer version of the system.
            Unavailable: the table did not answer.
        """
        with aws_errors("files-table"):
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=BY_LABORATORY,
                KeyConditionExpression="laboratory = :laboratory AND arrived >= :since",
                ExpressionAttributeValues={
                    ":laboratory": {"S": laboratory},
                    ":since": {"S": write_arrival_time(since)},
                },
            )
            for page in pages:
                yield from (from_item(item) for item in page["Items"])

    def _close(
        self,
        file_id: str,
        before: tuple[FileState, ...],
        state: FileState,
        summary: FileSummary,
    ) -> bool:
        """Note what the laboratory was told of a file, which is open no more."""
        return self._move(
            file_id,
            before,
            "SET #state = :state, summary = :summary REMOVE open_shard, open_since",
            {":state": {"S": state}, ":summary": write_summary(summary)},
        )

    def _move(
        self,
        file_id: str,
        before: tuple[FileState, ...],
        expression: str,
        values: dict[str, AttributeValueTypeDef],
    ) -> bool:
        """Change the state of a file that is in one of some states; whether it was."""
        named: dict[str, AttributeValueTypeDef] = {
            f":before{place}": {"S": state} for place, state in enumerate(before)
        }
        with aws_errors("files-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"file_id": {"S": file_id}},
                    UpdateExpression=expression,
                    ConditionExpression=f"#state IN ({', '.join(named)})",
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues={**values, **named},
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def _update(
        self,
        file_id: str,
        expression: str,
        values: dict[str, AttributeValueTypeDef],
        names: dict[str, str],
    ) -> FileRecord:
        named: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        with aws_errors("files-table"):
            try:
                answer = self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"file_id": {"S": file_id}},
                    UpdateExpression=expression,
                    # Else an update would bring back what has expired, as a torso.
                    ConditionExpression="attribute_exists(file_id)",
                    ExpressionAttributeValues=values,
                    ReturnValues="ALL_NEW",
                    **named,
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    raise _gone() from None
                raise
        return from_item(answer["Attributes"])


def _gone() -> Rejected:
    return Rejected("file-record-gone", "the file has no record any more")
