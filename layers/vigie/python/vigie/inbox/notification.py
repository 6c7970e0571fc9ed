"""What S3 says of new objects of the inbox.

Amazon S3, "Event message structure": version 2.x; unknown fields are ignored.
"""

from datetime import datetime
from urllib.parse import quote_plus, unquote_plus

from pydantic import Field

from vigie.inbox.inbox_file import InboxFile
from vigie.model import Frozen

_CREATED = "ObjectCreated:"


class _Bucket(Frozen):
    name: str


class _Object(Frozen):
    """Of a notification; its key is written as in an HTML form."""

    key: str
    size: int = 0
    version_id: str = Field(default="null", alias="versionId")
    sequencer: str = ""


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
        if not self.event_name.startswith(_CREATED) or is_folder(key):
            return None
        return InboxFile(
            bucket=self.s3.bucket.name,
            key=key,
            version_id=stored.version_id,
            size=stored.size,
            received_at=self.event_time,
            sequencer=stored.sequencer,
        )


class S3Notification(Frozen):
    """What S3 says of objects; in practice one of them."""

    records: tuple[S3Record, ...] = Field(alias="Records", min_length=1)


def notification_of(file: InboxFile) -> S3Notification:
    """What S3 says, or would have said, of a file."""
    stored = {
        "key": quote_plus(file.key, safe="/"),
        "size": file.size,
        "versionId": file.version_id,
        "sequencer": file.sequencer,
    }
    record = {
        "eventName": f"{_CREATED}Put",
        "eventTime": file.received_at,
        "s3": {"bucket": {"name": file.bucket}, "object": stored},
    }
    return S3Notification.model_validate({"Records": [record]})


def is_folder(key: str) -> bool:
    """Whether an object is only a console's picture of a folder, and no file."""
    return key.endswith("/")
