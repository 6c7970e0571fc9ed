"""The queue of certificate signing, as its sender sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.certificates.certificate_due import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_sqs.client import SQSClient

    from certificate_release.reminder_store import Reminder

_BATCH = 10


class SigningQueue:
    """Sends messages, ten to a call.

    Args:
        sqs: the SQS client.
        queue_url: URL of the queue.
    """

    def __init__(self, sqs: SQSClient, queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, reminders: Sequence[Reminder]) -> int:
        """Say of each source what of it is due, and count those the queue took.

        Raises:
            Unavailable: the queue did not answer.
        """
        return sum(
            self._send_batch(reminders[start : start + _BATCH])
            for start in range(0, len(reminders), _BATCH)
        )

    def _send_batch(self, reminders: Sequence[Reminder]) -> int:
        with aws_errors("signing-queue"):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {
                        "Id": str(position),
                        "MessageBody": message(each.name, each.source_id).model_dump_json(),
                    }
                    for position, each in enumerate(reminders)
                ],
            )
        return len(answer.get("Successful", []))
