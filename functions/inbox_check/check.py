"""Finding files of the inbox that have no record, and telling the intake of them again.

S3 tells the intake queue of each new file, and the intake first of all writes a record of it.
A file without one, when the intake's retries must be over, is one whose telling was lost.
A file that was refused because its laboratory was not let in is told of again when it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from inbox_check.log_codes import LogCode
from inbox_check.messages import CheckDue, parse_check
from vigie.inbox import (
    FileState,
    InboxFile,
    LaboratoryCheck,
    is_laboratory_prefix,
    notification_of,
)
from vigie.message_queue import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_lambda_powertools import Logger

    from inbox_check.inbox_listing import InboxListing
    from vigie.inbox import FileStore
    from vigie.message_queue import MessageQueue

# As many as one call of DynamoDB looks up.
_LOOKED_UP = 100
# Amazon SQS keeps a message back for 15 minutes at most.
_LONGEST_DELAY = 900


class CheckQueues(NamedTuple):
    """Where the check sends.

    Attributes:
        own: the function's own queue.
        intake: where S3 tells of files.
    """

    own: MessageQueue
    intake: MessageQueue


class InboxCheck:
    """Checks the inbox against the records, one laboratory to a message.

    Args:
        listing: what the inbox holds.
        files: the records.
        queues: where it sends.
        apart_seconds: how far apart a laboratory's files are told of.
        logger: told of each laboratory and lost file, by its id.
    """

    def __init__(
        self,
        listing: InboxListing,
        files: FileStore,
        queues: CheckQueues,
        apart_seconds: int,
        logger: Logger,
    ) -> None:
        self._listing = listing
        self._files = files
        self._queues = queues
        self._apart_seconds = apart_seconds
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
        self._queues.own.send(
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
        seen, lost = 0, list[InboxFile]()
        for stored in _by_hundreds(self._stored(message)):
            seen += len(stored)
            states = self._files.states(stored)
            again = {None, FileState.REFUSED} if message.refused else {None}
            lost += (file for file_id, file in stored.items() if states.get(file_id) in again)
        self._send_again(lost)
        self._logger.info(
            LogCode.LABORATORY_CHECKED,
            laboratory=message.laboratory,
            files=seen,
            sent_again=len(lost),
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

    def _send_again(self, lost: list[InboxFile]) -> None:
        """Tell of files in the order of their arrival, as far apart as the queue lets them be."""
        apart = min(self._apart_seconds, _LONGEST_DELAY / max(len(lost), 1))
        lost.sort(key=lambda file: file.received_at)
        self._queues.intake.send_messages(
            Message(
                notification_of(file).model_dump_json(by_alias=True),
                delay_seconds=int(place * apart),
            )
            for place, file in enumerate(lost)
        )
        for file in lost:
            self._logger.warning(LogCode.FILE_SENT_AGAIN, file_id=file.file_id)


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
