"""The clusters bucket, which phones download from through CloudFront."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.object_deletion import delete_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mypy_boto3_s3.client import S3Client

_INDEX = "clusterIndex.json"
_INDEX_CACHED_SECONDS = 300
_FILE_CACHED_SECONDS = 86_400
_DIGEST = "content-digest"
_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class StoredIndex(NamedTuple):
    """The index as it is.

    Attributes:
        iteration: that it names.
        digest: of the files of that iteration.
        tag: by which it is replaced.
        put_at: when it replaced the one before, aware.
    """

    iteration: int
    digest: str
    tag: str
    put_at: datetime


class ClusterBucket:
    """Keeps the files of each iteration, which never change, and the index of the newest.

    Args:
        s3: the S3 client.
        bucket: name of the bucket.
        root: folder of the files and of the index.
    """

    def __init__(self, s3: S3Client, bucket: str, root: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._root = root

    def index(self) -> StoredIndex | None:
        """The index; None if there is none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("clusters-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=f"{self._root}/{_INDEX}")
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
            content = json.loads(answer["Body"].read())
        return StoredIndex(
            iteration=content["i"],
            digest=answer["Metadata"].get(_DIGEST, ""),
            tag=answer["ETag"],
            put_at=answer["LastModified"],
        )

    def keep(self, iteration: int, prefix: str, content: str) -> None:
        """Keep a file.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("clusters-bucket"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{self._root}/{iteration}/{prefix}.json",
                Body=content.encode(),
                ContentType="application/json",
                CacheControl=f"public, max-age={_FILE_CACHED_SECONDS}, immutable",
            )

    def replace_index(self, content: str, digest: str, present: StoredIndex | None) -> bool:
        """Put an index in the place of the one that was read.

        Returns:
            Whether it was; not if another run replaced that one meanwhile.

        Raises:
            Unavailable: the bucket did not answer.
        """
        condition: dict[str, Any] = (
            {"IfNoneMatch": "*"} if present is None else {"IfMatch": present.tag}
        )
        with aws_errors("clusters-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=f"{self._root}/{_INDEX}",
                    Body=content.encode(),
                    ContentType="application/json",
                    CacheControl=f"public, max-age={_INDEX_CACHED_SECONDS}",
                    Metadata={_DIGEST: digest},
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN | _MISSING:
                    raise
                return False
        return True

    def delete_others(self, kept: Iterable[int], before: datetime) -> int:
        """Delete the files that were written before a time, but for those of some iterations.

        Returns:
            How many files.

        Raises:
            Unavailable: the bucket did not answer, or kept one.
        """
        current = (f"{self._root}/{_INDEX}", *(f"{self._root}/{one}/" for one in kept))
        old = [
            one["Key"]
            for one in self._listed()
            if one["LastModified"] < before and not one["Key"].startswith(current)
        ]
        delete_objects(self._s3, self._bucket, old, "clusters-bucket")
        return len(old)

    def _listed(self) -> Iterator[Any]:
        with aws_errors("clusters-bucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._root}/"
            )
            for page in pages:
                yield from page.get("Contents", [])
