"""What waits to be signed, for people and for the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.queue_depth import depth

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class Waiting:
    """Looks at both queues of certificate signing.

    Args:
        sqs: the SQS client.
        reissue_queue_url: where jobs ask for certificates.
        signing_queue_url: where results come, behind which people wait.
    """

    def __init__(self, sqs: SQSClient, reissue_queue_url: str, signing_queue_url: str) -> None:
        self._sqs = sqs
        self._reissue_queue_url = reissue_queue_url
        self._signing_queue_url = signing_queue_url

    def for_reissue(self) -> int:
        """Messages of jobs that nobody is done with.

        Raises:
            Unavailable: SQS did not answer.
        """
        return depth(self._sqs, self._reissue_queue_url).total

    def people(self) -> int:
        """Messages that nobody has begun with, and that people wait for.

        Raises:
            Unavailable: SQS did not answer.
        """
        return depth(self._sqs, self._signing_queue_url).visible
