"""What is asked of AWS millions of times for a large file, kept on this machine's disk.

Shared by processes: a results table that holds to its conditions, the ids of published events,
and the inbox with one file. Whatever else is asked goes to an account in memory, see `run`.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import sqlite3
import zlib
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from botocore.exceptions import ClientError

from vigie.events.bundle import unbundled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHARDS = 8
_NEW = "attribute_not_exists(result_id)"
_UNCHANGED = "revision = :revision"
_TABLE = "CREATE TABLE IF NOT EXISTS results (id TEXT PRIMARY KEY, item BLOB)"
_EVENT_ID_BYTES = 16


class Kept(NamedTuple):
    """What is left when all is read.

    Attributes:
        results: number of stored results.
        digest: of what they say, whatever the order that they were stored in.
        events: number of events.
        published: how often they were published.
    """

    results: int
    digest: int
    events: int
    published: int


class Stores:
    """The shared stores, as one process sees them.

    Args:
        folder: where they are; `inbox` is the file of the laboratory.
    """

    def __init__(self, folder: Path) -> None:
        self._inbox = os.open(folder / "inbox", os.O_RDONLY)
        self._folder = folder
        appended = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._events = os.open(folder / f"events-{os.getpid()}", appended)
        self._shards = [_Shard(folder / f"shard-{number}") for number in range(_SHARDS)]

    def put_item(self, params: dict[str, Any]) -> dict[str, Any]:
        """Amazon DynamoDB's PutItem of a result, under one of the conditions of the intake.

        Raises:
            ClientError: the condition does not hold.
            ValueError: there is another condition.
        """
        item, condition = params["Item"], params["ConditionExpression"]
        key = item["result_id"]["S"]
        written = pickle.dumps(item)
        with self._shard(key).locked() as database:
            if condition == _NEW:
                found = _inserted(database, key, written)
            elif condition == _UNCHANGED:
                revision = params["ExpressionAttributeValues"][":revision"]
                found = _replaced(database, key, written, revision)
            else:
                raise ValueError(condition)
        if found is not None:
            raise ClientError(_refusal(found), "PutItem")
        return {}

    def publish_batch(self, params: dict[str, Any]) -> dict[str, Any]:
        """Amazon SNS's PublishBatch of events."""
        messages = (each["Message"] for each in params["PublishBatchRequestEntries"])
        told = [json.loads(event) for message in messages for event in unbundled(message)]
        os.write(self._events, b"".join(UUID(event["id"]).bytes for event in told))
        return {"Successful": [], "Failed": []}

    def get_object(self, params: dict[str, Any]) -> dict[str, Any]:
        """Amazon S3's GetObject of a range of the file."""
        first, last = (int(number) for number in params["Range"].removeprefix("bytes=").split("-"))
        body = os.pread(self._inbox, last - first + 1, first)
        return {"Body": io.BytesIO(body), "ContentRange": params["Range"]}

    def kept(self) -> Kept:
        """What the results table and the topic have by now."""
        results = digest = 0
        for shard in self._shards:
            with shard.locked() as database:
                for (stored,) in database.execute("SELECT item FROM results"):
                    said = _said(pickle.loads(stored))  # noqa: S301 - written above
                    results += 1
                    digest ^= int.from_bytes(sha256(said).digest())
        published = b"".join(path.read_bytes() for path in self._folder.glob("events-*"))
        ids = range(0, len(published), _EVENT_ID_BYTES)
        events = {published[first : first + _EVENT_ID_BYTES] for first in ids}
        return Kept(results, digest, len(events), len(ids))

    def close(self) -> None:
        """Let go of the files."""
        os.close(self._inbox)
        os.close(self._events)
        for shard in self._shards:
            shard.close()

    def _shard(self, key: str) -> _Shard:
        return self._shards[zlib.crc32(key.encode()) % _SHARDS]


class _Shard:
    """One of the databases, for the threads of this process and for other processes."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._database = sqlite3.connect(
            path, timeout=60, isolation_level=None, check_same_thread=False
        )
        # What a process has written outlives its death, though not the machine's.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(_TABLE)

    @contextmanager
    def locked(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._database

    def close(self) -> None:
        self._database.close()


def _inserted(database: sqlite3.Connection, key: str, written: bytes) -> dict[str, Any] | None:
    """Insert an item; the one that is there if there is one."""
    try:
        database.execute("INSERT INTO results VALUES (?, ?)", (key, written))
    except sqlite3.IntegrityError:
        return _item(database, key)
    return None


def _replaced(
    database: sqlite3.Connection, key: str, written: bytes, revision: dict[str, str]
) -> dict[str, Any] | None:
    """Replace an item of a revision; the one that is there if it is of another."""
    database.execute("BEGIN IMMEDIATE")
    found = _item(database, key)
    if found["revision"] == revision:
        database.execute("UPDATE results SET item = ? WHERE id = ?", (written, key))
        found = {}
    database.execute("COMMIT")
    return found or None


def _item(database: sqlite3.Connection, key: str) -> dict[str, Any]:
    (stored,) = database.execute("SELECT item FROM results WHERE id = ?", (key,)).fetchone()
    found: dict[str, Any] = pickle.loads(stored)  # noqa: S301 - written above
    return found


def _refusal(found: dict[str, Any]) -> Any:  # noqa: ANN401 - as botocore's errors have it
    return {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}, "Item": found}


def _said(item: dict[str, Any]) -> bytes:
    """A result without what is sealed, for that differs each time."""
    return repr(sorted((name, v) for name, v in item.items() if "B" not in v)).encode()
