"""Uploads files as laboratories do, and waits until the system has dealt with them."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_s3.client import S3Client

    from demo.deployed import Deployed
    from demo.morning import Upload

_DEADLINE_SECONDS = 240
_QUIET_READINGS = 3


class DeadlinePassedError(Exception):
    """The system did not come to rest in time."""


class Waves:
    """The uploads of the demonstration and their acknowledgements.

    Args:
        deployed: the system.
        tell: called with how many files are acknowledged, of how many, and what still waits
            in queues.
    """

    def __init__(self, deployed: Deployed, tell: Callable[[int, int, int], None]) -> None:
        self._deployed = deployed
        self._tell = tell
        self._clients: dict[str, S3Client] = {}
        self._sqs = boto3.client("sqs", endpoint_url=deployed.endpoint)

    def send(self, uploads: Sequence[Upload]) -> dict[str, dict[str, Any]]:
        """Upload the files of one wave; the acknowledgement of each, by key.

        Raises:
            DeadlinePassedError: an acknowledgement or a queue did not come to rest.
        """
        awaited = {f"{upload.laboratory}/{upload.path}": upload for upload in uploads}
        for key, upload in awaited.items():
            self._client(upload.laboratory).put_object(
                Bucket=self._deployed.outputs["InboxBucket"], Key=key, Body=upload.content
            )
        acknowledged: dict[str, dict[str, Any]] = {}
        deadline = time.monotonic() + _DEADLINE_SECONDS
        quiet = 0
        while len(acknowledged) < len(awaited) or quiet < _QUIET_READINGS:
            if time.monotonic() > deadline:
                missing = sorted(awaited.keys() - acknowledged.keys())
                raise DeadlinePassedError(f"still waiting for {missing or 'the queues'}")
            for key in awaited.keys() - acknowledged.keys():
                acknowledgement = self._acknowledgement(awaited[key].laboratory, key)
                if acknowledgement is not None:
                    acknowledged[key] = acknowledgement
            waiting = self._waiting()
            quiet = quiet + 1 if waiting == 0 else 0
            self._tell(len(acknowledged), len(awaited), waiting)
            time.sleep(0.5)
        return acknowledged

    def dead_letters(self) -> Counter[str]:
        """How many messages lie in each dead-letter queue that is not empty."""
        return Counter(
            {
                url.rsplit("/", 1)[-1]: depth
                for url in self._queues()
                if _is_dead_letters(url) and (depth := self._depth(url))
            }
        )

    def _client(self, laboratory: str) -> S3Client:
        if laboratory not in self._clients:
            self._clients[laboratory] = self._deployed.s3_of_laboratory(laboratory)
        return self._clients[laboratory]

    def _acknowledgement(self, laboratory: str, key: str) -> dict[str, Any] | None:
        try:
            found = self._client(laboratory).get_object(
                Bucket=self._deployed.outputs["OutboxBucket"], Key=f"{key}.ack.json"
            )
        except ClientError as error:
            # Without the right to list, S3 answers a missing object with a refusal.
            if error.response["Error"]["Code"] in {"NoSuchKey", "AccessDenied", "404", "403"}:
                return None
            raise
        acknowledgement: dict[str, Any] = json.loads(found["Body"].read())
        return acknowledgement

    def _waiting(self) -> int:
        return sum(self._depth(url) for url in self._queues() if not _is_dead_letters(url))

    def _queues(self) -> list[str]:
        return self._sqs.list_queues().get("QueueUrls", [])

    def _depth(self, url: str) -> int:
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )["Attributes"]
        return sum(int(value) for value in attributes.values())


def _is_dead_letters(url: str) -> bool:
    return "dead" in url.lower()
