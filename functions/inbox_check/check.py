"""Finding files of the inbox that have no record, and telling the intake of them again.

S3 tells the intake queue of each new file, and the intake first of all writes a record of it.
A file without one, when the intake's retries must be over, is one whose telling was lost.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from inbox_check.log_codes import LogCode
from inbox_check.messages import CheckDue, LaboratoryCheck, parse_check
from vigie.inbox import is_laboratory_prefix, notification_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_lambda_powertools import Logger

    from inbox_check.inbox_listing import InboxListing
    from vigie.inbox import FileStore, InboxFile
    from vigie.message_queue import MessageQueue

# As many as one call of DynamoDB looks up.
_LOOKED_UP = 100


class InboxCheck:
    """Checks the inbox against the records, one laboratory to a message.

    Args:
        listing: what the inbox holds.
        files: the records.
        own_queue: the function's own.
        intake_queue: where S3 tells of files.
        logger: told of each laboratory and lost file, by its id.
    """

    def __init__(
        self,
        listing: InboxListing,
        files: FileStore,
        own_queue: MessageQueue,
        intake_queue: MessageQueue,
        logger: Logger,
    ) -> None:
        self._listing = listing
        self._files = files
        self._own_queue = own_queue
        self._intake_queue = intake_queue
        self._logger = logger

    def hand_out(self, since: datetime, until: datetime) -> int:
        """Make one message of each laboratory, and count them.

        Args:
            since: the first moment of storing to look at, aware.
            until: the moment of storing before which to look.

        Raises:
            Unavailable: the inbox or the queue did not answer.
        """
        laboratories = list(self._laboratories())
        self._own_queue.send(
            LaboratoryCheck(laboratory=one, since=since, until=until).model_dump_json()
            for one in laboratories
        )
        self._logger.info(LogCode.LABORATORIES_FOUND, laboratories=len(laboratories))
        return len(laboratories)

    def check(self, body: str) -> None:
        """Check one laboratory, as a message says.

        Raises:
            Rejected: `message-unknown`.
            Unavailable: AWS did not answer.
        """
        message = parse_check(body)
        seen = sent = 0
        for stored in _by_hundreds(self._stored(message)):
            seen += len(stored)
            sent += self._send_again(stored)
        self._logger.info(
            LogCode.LABORATORY_CHECKED, laboratory=message.laboratory, files=seen, sent_again=sent
        )

    def _laboratories(self) -> Iterator[str]:
        for prefix in self._listing.prefixes():
            if is_laboratory_prefix(prefix):
                yield prefix.removesuffix("/")
            else:
                # No laboratory can write there, and nobody could be answered.
                self._logger.warning(LogCode.PREFIX_UNKNOWN)

    def _stored(self, message: LaboratoryCheck) -> Iterator[InboxFile]:
        for file in self._listing.files(f"{message.laboratory}/"):
            if message.since <= file.received_at < message.until:
                yield file

    def _send_again(self, stored: dict[str, InboxFile]) -> int:
        lost = [stored[file_id] for file_id in stored.keys() - self._files.recorded(stored)]
        self._intake_queue.send(
            notification_of(file).model_dump_json(by_alias=True) for file in lost
        )
        for file in lost:
            self._logger.warning(LogCode.FILE_SENT_AGAIN, file_id=file.file_id)
        return len(lost)


def window(
    now: datetime, due: CheckDue, days_back: int, retry_minutes: int
) -> tuple[datetime, datetime]:
    """The first moment of storing to look at, and the moment before which to look.

    Args:
        now: the present, aware.
        due: the call.
        days_back: what the settings say.
        retry_minutes: how long the intake may still be trying a file.
    """
    since = now - timedelta(days=due.days_back or days_back)
    return since, now - timedelta(minutes=retry_minutes)


def _by_hundreds(files: Iterable[InboxFile]) -> Iterator[dict[str, InboxFile]]:
    """Files by their id, as many at a time as can be looked up at once."""
    batch: dict[str, InboxFile] = {}
    for file in files:
        batch[file.file_id] = file
        if len(batch) == _LOOKED_UP:
            yield batch
            batch = {}
    if batch:
        yield batch
