"""Reading objects of a bucket as bounded streams."""

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

# One request reads at most this much and then lets the connection go: a reader that takes its
# time over a chunk does not keep S3 waiting until it hangs up.
CHUNK_BYTES = 8 * 1024 * 1024
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}


class _ObjectGoneError(Exception):
    """That version of the object exists no more."""


class ObjectReader:
    """Reads byte spans of the objects of a bucket.

    Args:
        s3: the S3 client.
        bucket: name of the bucket.
        called: what the bucket is called in the codes of errors: `inbox` or `workspace`.
    """

    def __init__(self, s3: S3Client, bucket: str, called: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._called = called

    def chunks(self, key: str, span: ByteSpan, *, version_id: str = "null") -> Iterator[bytes]:
        """The bytes of a span, at most `CHUNK_BYTES` at a time; the first are read at once.

        Args:
            key: of the object.
            span: which of its bytes.
            version_id: of the object; `null` where the bucket has no versions.

        Raises:
            Rejected: `inbox-file-gone` or `workspace-file-gone`, that version exists no more.
            Unavailable: S3 did not give it; also where it goes while it is read.
        """
        spans = [
            ByteSpan(first, min(first + CHUNK_BYTES, span.end))
            for first in range(span.first, span.end, CHUNK_BYTES)
        ]
        # Without versions there is none to ask for.
        named: dict[str, Any] = {"Key": key} | (
            {} if version_id == "null" else {"VersionId": version_id}
        )
        try:
            begin = [self._read(named, each) for each in spans[:1]]
        except _ObjectGoneError:
            raise Rejected(f"{self._called}-file-gone", "the file is not in the bucket") from None
        return chain(begin, self._rest(named, spans[1:]))

    def _rest(self, named: dict[str, Any], spans: list[ByteSpan]) -> Iterator[bytes]:
        for span in spans:
            try:
                yield self._read(named, span)
            except _ObjectGoneError:
                # Whoever reads must not take it for a fault of the file's content.
                raise Unavailable(f"{self._called}-bucket:file-gone") from None

    def _read(self, named: dict[str, Any], span: ByteSpan) -> bytes:
        with aws_errors(f"{self._called}-bucket"):
            try:
                answer = self._s3.get_object(
                    Bucket=self._bucket, Range=f"bytes={span.first}-{span.end - 1}", **named
                )
            except ClientError as error:
                if error_code(error) in _GONE:
                    raise _ObjectGoneError from None
                raise
            content = _of_span(answer, span)
        if len(content) != span.end - span.first:
            raise Unavailable(f"{self._called}-bucket:short-read")
        return content


def _of_span(answer: GetObjectOutputTypeDef, span: ByteSpan) -> bytes:
    """The bytes of a span, also where the whole file came (RFC 9110, section 14.2 allows it)."""
    body = answer["Body"]
    if "ContentRange" not in answer:
        for first in range(0, span.first, CHUNK_BYTES):
            body.read(min(CHUNK_BYTES, span.first - first))
    return body.read(span.end - span.first)
