"""What the inbox holds, as S3 lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.inbox import InboxFile, is_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3.client import S3Client


class InboxListing:
    """Lists the inbox, with every version of every file.

    Args:
        s3: the S3 client.
        bucket: name of the inbox.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def prefixes(self) -> Iterator[str]:
        """What keys start with, up to their first `/`; S3 does not walk what is below.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("inbox-bucket"):
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Delimiter="/"
            )
            for page in pages:
                yield from (found["Prefix"] for found in page.get("CommonPrefixes", []))

    def files(self, prefix: str) -> Iterator[InboxFile]:
        """Every version of every file below a prefix, by key.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("inbox-bucket"):
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                for found in page.get("Versions", []):
                    if not is_folder(found["Key"]):
                        yield InboxFile(
                            bucket=self._bucket,
                            key=found["Key"],
                            version_id=found["VersionId"],
                            size=found["Size"],
                            received_at=found["LastModified"],
                        )
