"""The outbox bucket, where laboratories find their acknowledgements."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_FILE_ID = "file-id"


class Outbox:
    """Keeps acknowledgements beside the path of their file.

    Args:
        s3: the S3 client.
        bucket: name of the outbox bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, key: str, body: IO[bytes], *, content_type: str, file_id: str) -> None:
        """Keep a document, in the place of what may be there.

        Raises:
            Unavailable: the bucket did not take it.
        """
        with aws_errors("outbox-bucket"):
            self._put(key, body, content_type, file_id, {})

    def put_unless_answered(
        self, key: str, body: IO[bytes], *, content_type: str, file_id: str
    ) -> None:
        """Keep a document unless one about the same file is there, even one that just came.

        Raises:
            Unavailable: the bucket did not take it, or another wrote there meanwhile.
        """
        with aws_errors("outbox-bucket"):
            present = self._present(key)
            if present is None:
                self._put(key, body, content_type, file_id, {"IfNoneMatch": "*"})
                return
            etag, about = present
            if about != file_id:
                # About another version of the same path.
                self._put(key, body, content_type, file_id, {"IfMatch": etag})

    def _put(
        self, key: str, body: IO[bytes], content_type: str, file_id: str, condition: dict[str, Any]
    ) -> None:
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=body,
            ContentType=content_type,
            Metadata={_FILE_ID: file_id},
            **condition,
        )

    def _present(self, key: str) -> tuple[str, str | None] | None:
        try:
            answer = self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error_code(error) in {"404", "NoSuchKey"}:
                return None
            raise
        return answer["ETag"], answer["Metadata"].get(_FILE_ID)
