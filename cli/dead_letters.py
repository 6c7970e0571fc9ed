"""The messages of a dead-letter queue: what each is about and why it died, never what it says."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from vigie.aws import aws_errors
from vigie.dead_letters import EARLIER_REASONS, REASON
from vigie.errors import Unavailable
from vigie.events.bundle import unbundled
from vigie.inbox import S3Notification
from vigie.message_queue import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Ids that hold no name: those of a file, and of a result, after its laboratory.
_FILE_ID = re.compile(r"[a-z2-7]{26}", re.ASCII)
_RESULT_ID = re.compile(r"[0-9AB]{9}-[a-z2-7]{26}", re.ASCII)
_SHOWN_OF_HASH = 12
_BATCH = 10
# Long enough for whoever reads a whole queue before giving anything back.
_HELD_SECONDS = 30 * 60
# Long polling: an empty answer then means an empty queue.
WAIT_SECONDS = 2
TRIED_TOO_OFTEN = "tried-too-often"
# Of earlier reasons the last ones are kept.
_REASONS_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of a dead-letter queue.

    Attributes:
        about: the file or result that it is about, or a hash of it.
        reason: the code of why it died.
        earlier_reasons: the codes of its earlier deaths, the oldest first.
        received: how often it was received, looks by this command included.
        sent_at: when it was sent last.
        again: what its queue is sent to try it again.
        receipt: by which it is deleted or given back.
    """

    about: str
    reason: str
    earlier_reasons: tuple[str, ...]
    received: int
    sent_at: datetime
    again: Message = field(repr=False)
    receipt: str = field(repr=False)


class DeadLetterQueue:
    """Reads a dead-letter queue.

    What is read is invisible to others until it is deleted or given back.

    Args:
        sqs: the SQS client.
        queue_url: URL of the queue.
        unexplained: the reason of a message that carries none.
    """

    def __init__(
        self,
        sqs: SQSClient,
        queue_url: str,
        *,
        unexplained: str = TRIED_TOO_OFTEN,
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._unexplained = unexplained

    def batches(self) -> Iterator[list[DeadLetter]]:
        """Its messages, up to ten at a time.

        Raises:
            Unavailable: the queue did not answer.
        """
        while True:
            with aws_errors("dead-letter-queue"):
                answer = self._sqs.receive_message(
                    QueueUrl=self._queue_url,
                    MaxNumberOfMessages=_BATCH,
                    VisibilityTimeout=_HELD_SECONDS,
                    WaitTimeSeconds=WAIT_SECONDS,
                    MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
                    MessageAttributeNames=["All"],
                )
            messages = answer.get("Messages", [])
            if not messages:
                return
            yield [_letter(message, self._unexplained) for message in messages]

    def delete(self, letters: Sequence[DeadLetter]) -> None:
        """Delete messages that were sent again.

        Raises:
            Unavailable: at least one is still there.
        """
        for start in range(0, len(letters), _BATCH):
            with aws_errors("dead-letter-queue"):
                answer = self._sqs.delete_message_batch(
                    QueueUrl=self._queue_url,
                    Entries=[
                        {"Id": str(place), "ReceiptHandle": letter.receipt}
                        for place, letter in enumerate(letters[start : start + _BATCH])
                    ],
                )
            if answer.get("Failed"):
                raise Unavailable(f"dead-letter-queue:{answer['Failed'][0].get('Code')}")

    def give_back(self, letters: Sequence[DeadLetter]) -> None:
        """Let others see messages at once; without it they would a while later.

        Raises:
            Unavailable: the queue did not answer.
        """
        for start in range(0, len(letters), _BATCH):
            with aws_errors("dead-letter-queue"):
                self._sqs.change_message_visibility_batch(
                    QueueUrl=self._queue_url,
                    Entries=[
                        {"Id": str(place), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                        for place, letter in enumerate(letters[start : start + _BATCH])
                    ],
                )


def _letter(message: MessageTypeDef, unexplained: str) -> DeadLetter:
    attributes = {
        name: one["StringValue"]
        for name, one in message.get("MessageAttributes", {}).items()
        if "StringValue" in one
    }
    body, attributes = _unwrapped(message["Body"], attributes)
    reason = attributes.pop(REASON, unexplained)
    earlier = tuple(attributes.pop(EARLIER_REASONS, "").split())
    system: Mapping[Any, str] = message["Attributes"]
    return DeadLetter(
        about=describe(body),
        reason=reason,
        earlier_reasons=earlier,
        received=int(system["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
        again=Message(body, {**attributes, EARLIER_REASONS: _joined((*earlier, reason))}),
        receipt=message["ReceiptHandle"],
    )


def _joined(reasons: Sequence[str]) -> str:
    return " ".join(reasons)[-_REASONS_LENGTH:].lstrip()


def _unwrapped(body: str, attributes: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A message as its consumer gets it, also where SNS put it into an envelope of its own."""
    envelope = _object(body)
    if envelope.get("Type") != "Notification" or not isinstance(envelope.get("Message"), str):
        return body, attributes
    told = {
        name: one["Value"]
        for name, one in envelope.get("MessageAttributes", {}).items()
        if one.get("Type") == "String"
    }
    return envelope["Message"], {**told, **attributes}


def describe(body: str) -> str:
    """What a message is about, by an id that holds no name: a path and a text may hold one."""
    first, *others = unbundled(body)
    if others:
        return f"{len(others) + 1} events, first {describe(first)}"
    found = _object(body)
    if _FILE_ID.fullmatch(str(found.get("file_id"))):
        return f"file {found['file_id']}"
    if _RESULT_ID.fullmatch(str(found.get("result_id"))):
        return f"result {found['result_id']}"
    with suppress(ValidationError):
        files = [record.file for record in S3Notification.model_validate(found).records]
        known = [file.file_id for file in files if file is not None]
        if known:
            return f"file {' '.join(known)}"
    return f"message {hashlib.sha256(body.encode()).hexdigest()[:_SHOWN_OF_HASH]}"


def _object(text: str) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    return {}
