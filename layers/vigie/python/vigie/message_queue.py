"""Sending to a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_sqs.client import SQSClient

_BATCH = 10
# Amazon SQS quotas: 1 MiB for a batch, and 256 KiB where that has not come yet.
_BATCH_BYTES = 256 * 1024


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
        """Send all messages, or raise; sending one again is harmless.

        Raises:
            Unavailable: at least one was not taken.
        """
        batch: list[str] = []
        for body in bodies:
            if batch and (len(batch) == _BATCH or _size([*batch, body]) > _BATCH_BYTES):
                self._send_batch(batch)
                batch = []
            batch.append(body)
        if batch:
            self._send_batch(batch)

    def _send_batch(self, batch: list[str]) -> None:
        with aws_errors(self._name):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {"Id": str(position), "MessageBody": body}
                    for position, body in enumerate(batch)
                ],
            )
        if answer.get("Failed"):
            raise Unavailable(f"{self._name}:{answer['Failed'][0].get('Code', 'Unknown')}")


def _size(bodies: list[str]) -> int:
    return sum(len(body.encode()) for body in bodies)
