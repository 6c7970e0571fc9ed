"""Reading files of the inbox as bounded streams."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.inbox import ByteSpan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

    from vigie.inbox import InboxFile

# One request reads at most this much and then lets the connection go: a reader that takes its
# time over a chunk does not keep S3 waiting until it hangs up.
CHUNK_BYTES = 8 * 1024 * 1024
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}


class _FileGoneError(Exception):
    """That version of the file exists no more."""


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
        """The bytes of a span, at most `CHUNK_BYTES` at a time; the first are read at once.

        Raises:
            Rejected: `inbox-file-gone`, that version of the file exists no more.
            Unavailable: S3 did not give it; also where the file goes while it is read.
        """
        spans = [
            ByteSpan(first, min(first + CHUNK_BYTES, span.end))
            for first in range(span.first, span.end, CHUNK_BYTES)
        ]
        try:
            begin = [self._read(file, each) for each in spans[:1]]
        except _FileGoneError:
            raise Rejected("inbox-file-gone", "the file is not in the inbox") from None
        return chain(begin, self._rest(file, spans[1:]))

    def _rest(self, file: InboxFile, spans: list[ByteSpan]) -> Iterator[bytes]:
        for span in spans:
            try:
                yield self._read(file, span)
            except _FileGoneError:
                # Whoever reads must not take it for a fault of the file's content.
                raise Unavailable("inbox-bucket:file-gone") from None

    def _read(self, file: InboxFile, span: ByteSpan) -> bytes:
        # Without versions there is none to ask for.
        version: dict[str, Any] = {"VersionId": file.version_id}
        if file.version_id == "null":
            version = {}
        with aws_errors("inbox-bucket"):
            try:
                answer = self._s3.get_object(
                    Bucket=self._bucket,
                    Key=file.key,
                    Range=f"bytes={span.first}-{span.end - 1}",
                    **version,
                )
            except ClientError as error:
                if error_code(error) in _GONE:
                    raise _FileGoneError from None
                raise
            content = _of_span(answer, span)
        if len(content) != span.end - span.first:
            raise Unavailable("inbox-bucket:short-read")
        return content


def _of_span(answer: GetObjectOutputTypeDef, span: ByteSpan) -> bytes:
    """The bytes of a span, also where the whole file came (RFC 9110, section 14.2 allows it)."""
    body = answer["Body"]
    if "ContentRange" not in answer:
        for first in range(0, span.first, CHUNK_BYTES):
            body.read(min(CHUNK_BYTES, span.first - first))
    return body.read(span.end - span.first)
