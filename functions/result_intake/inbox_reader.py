"""Reading files of the inbox as bounded streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3.client import S3Client

    from vigie.inbox import ByteSpan, InboxFile

# One request reads at most this much and then lets the connection go: a reader that takes its
# time over a chunk does not keep S3 waiting until it hangs up.
CHUNK_BYTES = 8 * 1024 * 1024
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}


class InboxReader:
    """Reads byte spans of files of the inbox.

    Args:
        s3: the S3 client.
        bucket: name of the inbox.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def chunks(self, file: InboxFile, span: ByteSpan) -> Iterator[bytes]:
        """The bytes of a span, at most `CHUNK_BYTES` at a time.

        Raises:
            Rejected: `inbox-file-gone`, that version of the file exists no more.
            Unavailable: S3 did not give it.
        """
        for first in range(span.first, span.end, CHUNK_BYTES):
            yield self._read(file, first, min(first + CHUNK_BYTES, span.end))

    def _read(self, file: InboxFile, first: int, end: int) -> bytes:
        # Without versions there is none to ask for.
        version: dict[str, Any] = {"VersionId": file.version_id}
        if file.version_id == "null":
            version = {}
        with aws_errors("inbox-bucket"):
            try:
                answer = self._s3.get_object(
                    Bucket=self._bucket, Key=file.key, Range=f"bytes={first}-{end - 1}", **version
                )
            except ClientError as error:
                if error_code(error) in _GONE:
                    raise Rejected("inbox-file-gone", "the file is not in the inbox") from None
                raise
            return answer["Body"].read()
