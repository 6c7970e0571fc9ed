"""The acknowledgement of a file, as the outbox has it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from laboratory_uploads.answer import AcknowledgementLinks
from vigie.acknowledgement.message_answers import SUFFIXES
from vigie.acknowledgement.outbox import path_of_answer
from vigie.aws import aws_errors, error_code
from vigie.results.codes import SourceFormat

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from vigie.inbox import InboxFile

_VALID_FOR = timedelta(minutes=15)
# An answer of Lambda has at most 6 MB.
_MOST_BYTES = 512 * 1024


class Acknowledgements:
    """Reads acknowledgements.

    Args:
        s3: the S3 client, which signs with the function's own rights.
        bucket: name of the outbox.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def of(self, file: InboxFile) -> dict[str, Any] | None:
        """What a laboratory was told of a file; None if nothing, or more than fits.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("outbox-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=_key(file, ".ack.json"))
            except ClientError as error:
                if error_code(error) in {"NoSuchKey", "404"}:
                    return None
                raise
            if answer["ContentLength"] > _MOST_BYTES:
                return None
            told: dict[str, Any] = json.loads(answer["Body"].read())
        return told if told["file"]["id"] == file.file_id else None

    def links(self, file: InboxFile, file_format: str | None) -> AcknowledgementLinks:
        """Where its documents can be fetched for a while.

        Args:
            file: of a laboratory.
            file_format: that was recognised, if any was.

        Raises:
            Unavailable: there is nothing to sign them with.
        """
        own = SUFFIXES.get(SourceFormat(file_format)) if file_format in SUFFIXES else None
        return AcknowledgementLinks(
            json_url=self._link(_key(file, ".ack.json")),
            csv_url=self._link(_key(file, ".ack.csv")),
            message_url=None if own is None else self._link(_key(file, own)),
        )

    def _link(self, key: str) -> str:
        with aws_errors("outbox-bucket"):
            return self._s3.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": key},
                ExpiresIn=int(_VALID_FOR.total_seconds()),
            )


def _key(file: InboxFile, suffix: str) -> str:
    return path_of_answer(file.key) + suffix
