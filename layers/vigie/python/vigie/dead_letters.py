"""Putting a message aside for good, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

    from vigie.errors import Rejected

# The attributes of a dead letter: why it died, and why it died before it was redriven.
REASON, EARLIER_REASONS = "reason", "earlier_reasons"
_REASON_LENGTH = 256


class DeadLetters:
    """The dead-letter queue of a queue, for messages that no retry can help.

    Args:
        sqs: the SQS client.
        queue_url: URL of the dead-letter queue.
    """

    def __init__(self, sqs: SQSClient, queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def bury(self, body: str, reason: Rejected, *, earlier: str = "") -> None:
        """Keep a message with its reason; the reason never repeats the message.

        Args:
            body: of the message.
            reason: why it can never succeed.
            earlier: why it was put aside before, as the message itself says.

        Raises:
            Unavailable: the queue did not take it, so that the message must stay where it is.
        """
        reasons = {REASON: reason.code[:_REASON_LENGTH], EARLIER_REASONS: earlier}
        with aws_errors("dead-letter-queue"):
            self._sqs.send_message(
                QueueUrl=self._queue_url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": text}
                    for name, text in reasons.items()
                    if text
                },
            )
