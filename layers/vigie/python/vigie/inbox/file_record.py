"""How far a laboratory's file has come."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.errors import Rejected
from vigie.inbox.file_summary import FileSummary
from vigie.inbox.inbox_file import InboxFile
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
SHARDS = 8


class FileState(StrEnum):
    """What the laboratory was told: nothing yet, everything, or what hinders it.

    `INCOMPLETE`: parts are missing. `REFUSED`: the register does not let the laboratory in, so
    that its file waits to be read until it does.
    """

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"


class ByteSpan(NamedTuple):
    """Bytes of a file.

    Attributes:
        first: offset of the first one.
        end: offset after the last one.
    """

    first: int
    end: int


class FilePart(NamedTuple):
    """Whole records of a file, one after the other, that are read on their own.

    Attributes:
        first: offset of the first byte; of a compressed file, once unpacked.
        end: offset after the last byte.
        first_record: number of the first record in the file.
        first_line: number of its first line.
        entry: place of the archive's entry that it is of, whose records and lines are counted;
            0 where the file is no archive.
    """

    first: int
    end: int
    first_record: int
    first_line: int
    entry: int = 0

    @property
    def span(self) -> ByteSpan:
        """Its bytes."""
        return ByteSpan(self.first, self.end)


class FileRecord(Frozen):
    """A file and how far it has come.

    Attributes:
        file: what S3 says of it.
        state: what the laboratory was told.
        format: the format that was recognised; None before.
        parts: the first being part 1; empty while the file is not cut.
        done: numbers of the parts that left their fragment of the acknowledgement.
        summary: what it held, as far as the laboratory was told; None before, and for a file that
            was answered before this was counted.
    """

    file: InboxFile
    state: FileState
    format: str | None = None
    parts: tuple[FilePart, ...] = ()
    done: frozenset[int] = frozenset()
    summary: FileSummary | None = None

    @property
    def complete(self) -> bool:
        """Whether every part left its fragment."""
        return bool(self.parts) and len(self.done) == len(self.parts)

    @property
    def missing(self) -> list[tuple[int, ByteSpan]]:
        """The parts without a fragment, by number; all of the file if it was not cut."""
        spans = [part.span for part in self.parts] or [ByteSpan(0, self.file.size)]
        numbered = enumerate(spans, start=1)
        return [(number, span) for number, span in numbered if number not in self.done]


def open_shard(file_id: str) -> str:
    """The partition of the index `open` that a file stands in, of `SHARDS`."""
    return str(zlib.crc32(file_id.encode()) % SHARDS)


def to_item(
    file: InboxFile, *, opened_at: datetime, expires_at: int
) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item of a file that nothing has become of yet.

    Key: `file_id`. Index `by-laboratory`: `laboratory`, `arrived`. Sparse index `open`:
    `open_shard`, `open_since`; both go when the laboratory has its answer.
    """
    return {
        "file_id": {"S": file.file_id},
        "schema": {"N": str(SCHEMA_VERSION)},
        "laboratory": {"S": file.laboratory},
        "arrived": {"S": write_arrival(file)},
        "file": {"S": file.model_dump_json()},
        "state": {"S": FileState.RECEIVED},
        "open_shard": {"S": open_shard(file.file_id)},
        "open_since": {"S": write_moment(opened_at)},
        "expires_at": {"N": str(expires_at)},
    }


def from_item(item: dict[str, Any]) -> FileRecord:
    """Read the item of a file, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("file-schema-unknown", "the item has a newer schema version")
    return FileRecord(
        file=InboxFile.model_validate_json(item["file"]["S"]),
        state=FileState(item["state"]["S"]),
        format=item["format"]["S"] if "format" in item else None,
        parts=tuple(FilePart(*numbers) for numbers in _parts(item)),
        done=frozenset(int(number) for number in item.get("done", {}).get("NS", ())),
        summary=_summary(item),
    )


def write_arrival(file: InboxFile) -> str:
    """The attribute `arrived`: when a file arrived, then its id, in the order of arrival."""
    return f"{write_arrival_time(file.received_at)}#{file.file_id}"


def write_arrival_time(moment: datetime) -> str:
    """What `arrived` begins with: UTC, ISO 8601, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def write_moment(moment: datetime) -> str:
    """The attribute `open_since`: ISO 8601, whose order is that of time."""
    return moment.isoformat(timespec="seconds")


def write_parts(parts: tuple[FilePart, ...]) -> AttributeValueTypeDef:
    """The attribute `parts`: JSON lists of the numbers of each, the last one unless it is 0."""
    numbers = [part if part.entry else part[:-1] for part in parts]
    return {"S": json.dumps(numbers, separators=(",", ":"))}


def write_summary(summary: FileSummary) -> AttributeValueTypeDef:
    """The attribute `summary`: JSON."""
    return {"S": summary.model_dump_json(exclude_defaults=True)}


def _summary(item: dict[str, Any]) -> FileSummary | None:
    if "summary" not in item:
        return None
    return FileSummary.model_validate_json(item["summary"]["S"])


def _parts(item: dict[str, Any]) -> list[list[int]]:
    found: list[list[int]] = json.loads(item["parts"]["S"]) if "parts" in item else []
    return found
