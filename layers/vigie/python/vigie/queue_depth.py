"""How many messages a queue holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class Depth(NamedTuple):
    """Messages, as Amazon SQS counts them: about, and a minute late.

    Attributes:
        visible: that a consumer may take.
        taken: that a consumer works on.
        delayed: that nobody may take yet.
    """

    visible: int
    taken: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.visible + self.taken + self.delayed


def depth(sqs: SQSClient, queue_url: str) -> Depth:
    """How many messages a queue holds.

    Raises:
        Unavailable: SQS did not answer.
    """
    with aws_errors("queues"):
        answer = sqs.get_queue_attributes(
            QueueUrl=queue_url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )["Attributes"]
    return Depth(
        int(answer["ApproximateNumberOfMessages"]),
        int(answer["ApproximateNumberOfMessagesNotVisible"]),
        int(answer["ApproximateNumberOfMessagesDelayed"]),
    )
