"""The workspace bucket, where the parts of a large file leave their fragments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.acknowledgement.fragment import SCHEMA_VERSION, Fragment
from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class FragmentStore:
    """Keeps fragments under `<file id>/<part>.json`.

    Args:
        s3: the S3 client.
        bucket: name of the workspace bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, file_id: str, part: int, fragment: Fragment) -> None:
        """Keep the fragment of a part.

        Raises:
            Unavailable: the bucket did not take it.
        """
        with aws_errors("workspace-bucket"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=_key(file_id, part),
                Body=fragment.model_dump_json().encode(),
                ContentType="application/json",
            )

    def get(self, file_id: str, part: int) -> Fragment:
        """The fragment of a part.

        Raises:
            Rejected: `fragment-gone`, the workspace has dropped it; `fragment-schema-unknown`, a
                newer version of the system wrote it.
            Unavailable: the bucket did not give it.
        """
        with aws_errors("workspace-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=_key(file_id, part))
            except ClientError as error:
                if error_code(error) == "NoSuchKey":
                    raise Rejected("fragment-gone", "a fragment has expired") from None
                raise
            fragment = Fragment.model_validate_json(answer["Body"].read())
        if fragment.schema_version > SCHEMA_VERSION:
            raise Rejected("fragment-schema-unknown", "the fragment has a newer schema version")
        return fragment


def _key(file_id: str, part: int) -> str:
    return f"{file_id}/{part}.json"
