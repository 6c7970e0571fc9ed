"""Sending to a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vigie.aws import aws_errors
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_sqs.client import SQSClient

_BATCH = 10
# Amazon SQS quotas: 1 MiB for a batch, and 256 KiB where that has not come yet.
_BATCH_BYTES = 256 * 1024


class Message(NamedTuple):
    """What is sent.

    Attributes:
        body: its text.
        attributes: text by name.
        delay_seconds: how long the queue keeps it back, up to 900.
    """

    body: str
    attributes: Mapping[str, str] = {}
    delay_seconds: int = 0

    @property
    def size(self) -> int:
        """What counts towards the quota, in bytes, or a little more."""
        named = (f"{name}String{text}" for name, text in self.attributes.items())
        return sum(len(text.encode()) for text in (self.body, *named))


class MessageQueue:
    """Sends messages to one queue, as many to a call as fit.

    Args:
        sqs: the SQS client.
        queue_url: URL of the queue.
        name: of the queue, for errors.
    """

    def __init__(self, sqs: SQSClient, queue_url: str, name: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._name = name

    def send(self, bodies: Iterable[str]) -> None:
        """Send texts without attributes.

        Raises:
            Unavailable: at least one was not taken.
        """
        self.send_messages(Message(body) for body in bodies)

    def send_messages(self, messages: Iterable[Message]) -> None:
        """Send all messages, or raise; sending one again is harmless.

        Raises:
            Unavailable: at least one was not taken.
        """
        batch: list[Message] = []
        for message in messages:
            if batch and (len(batch) == _BATCH or _size([*batch, message]) > _BATCH_BYTES):
                self._send_batch(batch)
                batch = []
            batch.append(message)
        if batch:
            self._send_batch(batch)

    def _send_batch(self, batch: list[Message]) -> None:
        with aws_errors(self._name):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {
                        "Id": str(position),
                        "MessageBody": message.body,
                        "DelaySeconds": message.delay_seconds,
                        "MessageAttributes": {
                            name: {"DataType": "String", "StringValue": text}
                            for name, text in message.attributes.items()
                        },
                    }
                    for position, message in enumerate(batch)
                ],
            )
        if answer.get("Failed"):
            raise Unavailable(f"{self._name}:{answer['Failed'][0].get('Code', 'Unknown')}")


def _size(messages: list[Message]) -> int:
    return sum(message.size for message in messages)
