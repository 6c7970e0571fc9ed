"""The archive of events: every one ever told, as it was told, by the day of its happening.

An object holds the events of one delivery that happened on one day (UTC), gzipped, one to a
line. Its name is made of their ids, so that what is delivered again is written again over
itself. An event may still stand in two objects, when it was delivered twice in other company.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from pydantic import AwareDatetime, ValidationError

from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mypy_boto3_s3.client import S3Client

_SUFFIX = ".ndjson.gz"
_NAME_LENGTH = 32
_GZIP_WINDOW = 31  # a gzip header is expected (zlib, "decompressobj")
_CHUNK = 1024 * 1024


class _Envelope(Frozen):
    """What every event says, whatever its type: a newer producer's too."""

    id: str
    type: str
    occurred_at: AwareDatetime


class ArchivedEvent(NamedTuple):
    """An event as it was told.

    Attributes:
        id: deterministic.
        type: such as `ResultRecorded`.
        occurred_at: aware time of the happening.
        body: its JSON, as published, on one line.
    """

    id: str
    type: str
    occurred_at: datetime
    body: str

    @property
    def day(self) -> date:
        """The day (UTC) of the happening."""
        return self.occurred_at.astimezone(UTC).date()


def read_event(body: str) -> ArchivedEvent:
    """Read as much of an event as the archive needs.

    Raises:
        Rejected: `event-unreadable`, it has no id, type or time.
    """
    try:
        envelope = _Envelope.model_validate_json(body)
    except ValidationError:
        raise Rejected("event-unreadable", "not an event with an id, a type and a time") from None
    # Between the values of JSON a line break is white space, and within one it is escaped.
    line = body.replace("\r", " ").replace("\n", " ")
    return ArchivedEvent(envelope.id, envelope.type, envelope.occurred_at, line)


class EventArchive:
    """The bucket of events.

    Args:
        s3: the S3 client.
        bucket: its name.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, day: date, events: Sequence[ArchivedEvent]) -> None:
        """Keep events of one day; keeping the same again changes nothing.

        Raises:
            Unavailable: the bucket did not take them.
        """
        told = {event.id: event.body for event in events}
        lines = "".join(f"{told[event_id]}\n" for event_id in sorted(told))
        with aws_errors("archive-bucket"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{day.isoformat()}/{_name(told)}{_SUFFIX}",
                # No time of writing: the same events are the same bytes.
                Body=gzip.compress(lines.encode(), mtime=0),
                ContentType="application/gzip",
            )

    def keys(self, day: date) -> Iterator[str]:
        """The keys of a day's objects, in order.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("archive-bucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{day.isoformat()}/"
            )
            for page in pages:
                yield from (found["Key"] for found in page.get("Contents", []))

    def read(self, key: str) -> Iterator[ArchivedEvent]:
        """The events of one object.

        Raises:
            Rejected: `event-unreadable`, a line is no event; `archive-damaged`, what is left of
                the object was given before.
            Unavailable: the bucket did not answer.
        """
        with aws_errors("archive-bucket"):
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]
            for line in _lines(body.iter_chunks(_CHUNK)):
                yield read_event(line)


def _name(ids: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:_NAME_LENGTH]


def _lines(compressed: Iterable[bytes]) -> Iterator[str]:
    stream, rest = zlib.decompressobj(_GZIP_WINDOW), b""
    for chunk in compressed:
        try:
            *lines, rest = (rest + stream.decompress(chunk)).split(b"\n")
        except zlib.error:
            raise Rejected("archive-damaged", "the object cannot be decompressed") from None
        yield from (line.decode() for line in lines)
    if rest or not stream.eof:
        raise Rejected("archive-damaged", "the object ends early")
