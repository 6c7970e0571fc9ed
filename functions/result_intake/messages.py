"""What comes out of the intake queue: notifications of S3, and our own range messages.

Amazon S3, "Event message structure": version 2.x; unknown fields are ignored.
"""

from datetime import datetime
from typing import Literal
from urllib.parse import unquote_plus

from pydantic import Field, TypeAdapter, ValidationError

from result_intake.recognition import Dialect
from vigie.errors import Rejected
from vigie.inbox import ByteSpan, InboxFile
from vigie.model import Frozen

_CREATED = "ObjectCreated:"


class _Bucket(Frozen):
    name: str


class _Object(Frozen):
    """Of a notification; its key is written as in an HTML form."""

    key: str
    size: int = 0
    version_id: str = Field(default="null", alias="versionId")


class _Entity(Frozen):
    bucket: _Bucket
    object: _Object


class S3Record(Frozen):
    """One happening of a notification."""

    event_name: str = Field(alias="eventName")
    event_time: datetime = Field(alias="eventTime")
    s3: _Entity

    @property
    def file(self) -> InboxFile | None:
        """The file that arrived; None for another happening, or a folder made by a console."""
        stored = self.s3.object
        key = unquote_plus(stored.key)
        if not self.event_name.startswith(_CREATED) or key.endswith("/"):
            return None
        return InboxFile(
            bucket=self.s3.bucket.name,
            key=key,
            version_id=stored.version_id,
            size=stored.size,
            received_at=self.event_time,
        )


class S3Notification(Frozen):
    """What S3 says of objects; in practice one of them."""

    records: tuple[S3Record, ...] = Field(alias="Records", min_length=1)


class S3TestEvent(Frozen):
    """What S3 sends once, when notifications are switched on."""

    event: Literal["s3:TestEvent"] = Field(alias="Event")


class RangeMessage(Frozen):
    """One part of a large file, to be read on its own.

    Attributes:
        file_id: the file; its record says the rest, so that no path stands in the queue.
        part: its number, from 1.
        span: its bytes.
        first_record: number of its first record in the file.
        first_line: number of its first line in the file.
        dialect: how the file is written, with what a part needs of its beginning.
    """

    type: Literal["FileRange"] = "FileRange"
    schema_version: int = 1
    file_id: str
    part: int
    span: ByteSpan
    first_record: int
    first_line: int
    dialect: Dialect


AnyMessage = RangeMessage | S3Notification | S3TestEvent
_ANY_MESSAGE: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)


def parse_message(body: str) -> AnyMessage:
    """Read a message of the intake queue.

    Raises:
        Rejected: `message-unknown`, it is none of these.
    """
    try:
        return _ANY_MESSAGE.validate_json(body)
    except ValidationError:
        raise Rejected("message-unknown", "the message is not one of this queue") from None
