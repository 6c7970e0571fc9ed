"""What comes out of the intake queue: notifications of S3, and our own range messages."""

from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from result_intake.recognition import Dialect
from vigie.errors import Rejected
from vigie.inbox import ByteSpan, S3Notification
from vigie.model import Frozen


class S3TestEvent(Frozen):
    """What S3 sends once, when notifications are switched on."""

    event: Literal["s3:TestEvent"] = Field(alias="Event")


class RangeMessage(Frozen):
    """One part of a large file, to be read on its own.

    Attributes:
        file_id: the file; its record says the rest, so that no path stands in the queue.
        part: its number, from 1.
        span: its bytes; of a compressed file, once unpacked.
        first_record: number of its first record in the file.
        first_line: number of its first line in the file.
        dialect: how the file is written, with what a part needs of its beginning.
        entry: place of the archive's entry that it is of; 0 where the file is no archive.
    """

    type: Literal["FileRange"] = "FileRange"
    schema_version: int = 1
    file_id: str
    part: int
    span: ByteSpan
    first_record: int
    first_line: int
    dialect: Dialect
    entry: int = 0


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
