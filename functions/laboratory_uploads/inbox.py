"""The inbox, as far as this function sees it: it lets files in, and reads none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from laboratory_uploads.answer import UploadForm
from vigie.aws import aws_errors
from vigie.inbox import InboxFile

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3.client import S3Client

    from laboratory_uploads.upload_store import Upload

# A form is given again to whoever asks again with the same idempotency key.
_VALID_FOR = timedelta(minutes=15)
# Of one path; whoever sends a form twice makes two.
_VERSIONS = 10


class Inbox:
    """Gives forms for files, and says which have come.

    Args:
        s3: the S3 client, which signs with the function's own rights.
        bucket: name of the inbox.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def form(self, upload: Upload, now: datetime) -> UploadForm:
        """A form that takes one path, one type and one size.

        Raises:
            Unavailable: there is nothing to sign it with.
        """
        with aws_errors("inbox-bucket"):
            made = self._s3.generate_presigned_post(
                self._bucket,
                upload.key,
                Fields={"Content-Type": upload.content_type},
                Conditions=[
                    {"Content-Type": upload.content_type},
                    ["content-length-range", upload.size, upload.size],
                ],
                ExpiresIn=int(_VALID_FOR.total_seconds()),
            )
        return UploadForm(url=made["url"], fields=made["fields"], expires_at=now + _VALID_FOR)

    def file(self, key: str) -> InboxFile | None:
        """The newest file at a path; None if none has come.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("inbox-bucket"):
            found = self._s3.list_object_versions(
                Bucket=self._bucket, Prefix=key, MaxKeys=_VERSIONS
            ).get("Versions", [])
        for version in found:
            if version["Key"] == key and version["IsLatest"]:
                return InboxFile(
                    bucket=self._bucket,
                    key=key,
                    version_id=version["VersionId"],
                    size=version["Size"],
                    received_at=version["LastModified"],
                )
        return None
