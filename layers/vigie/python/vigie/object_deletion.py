"""Deleting objects of S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_s3.client import S3Client

_AT_ONCE = 1000


def delete_objects(s3: S3Client, bucket: str, keys: Sequence[str], what: str) -> None:
    """Delete objects, those that are there.

    Args:
        s3: the S3 client.
        bucket: its name.
        keys: of the objects.
        what: the bucket's name in errors.

    Raises:
        Unavailable: the bucket did not answer, or `<what>:not-deleted` if it kept one.
    """
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        with aws_errors(what):
            answer = s3.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in some], "Quiet": True}
            )
        if answer.get("Errors"):
            raise Unavailable(f"{what}:not-deleted")
