"""The outbox bucket, where laboratories find their acknowledgements."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from vigie.inbox import InboxFile

_FILE_ID, _ORDER = "file-id", "order"
_TRIES = 5
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
# Amazon S3, "Object key naming": at most 1,024 bytes of UTF-8, also with the longest suffix.
LONGEST_PATH = 1024 - len(".ack.fhir.json")
_DIGEST_LENGTH = 32


class Outbox:
    """Keeps acknowledgements beside the path of their file.

    What stands there is about the newest version of the path that was answered, and what is
    complete prevails over what is not: an older answer that comes later changes nothing.

    Args:
        s3: the S3 client.
        bucket: name of the outbox bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def has(self, file: InboxFile, suffix: str) -> bool:
        """Whether a document stands beside the path of a file, of whichever version.

        Raises:
            Unavailable: the bucket did not answer.
        """
        return self._present(path_of_answer(file.key) + suffix) is not None

    def put(
        self, file: InboxFile, suffix: str, body: IO[bytes], *, content_type: str, complete: bool
    ) -> None:
        """Keep a document unless as good a one is there.

        Args:
            file: that it is about.
            suffix: after the file's path, such as `.ack.json`.
            body: open for reading, in any position.
            content_type: of the body.
            complete: whether it tells of the whole file.

        Raises:
            Unavailable: the bucket did not take it, or others kept writing there.
        """
        key = path_of_answer(file.key) + suffix
        told = {_FILE_ID: file.file_id, _ORDER: f"{file.version_order} {int(complete)}"}
        condition: dict[str, Any] = {"IfNoneMatch": "*"}
        for _ in range(_TRIES):
            body.seek(0)
            if self._put(key, body, content_type, told, condition):
                return
            present = self._present(key)
            if present is None:
                condition = {"IfNoneMatch": "*"}
            elif _prevails(present.told, told):
                return
            else:
                condition = {"IfMatch": present.etag}
        raise Unavailable("outbox-bucket:contended")

    def _put(
        self,
        key: str,
        body: IO[bytes],
        content_type: str,
        told: dict[str, str],
        condition: dict[str, Any],
    ) -> bool:
        """Write under a condition; whether it held."""
        with aws_errors("outbox-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=body,
                    ContentType=content_type,
                    Metadata=told,
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN:
                    raise
                return False
        return True

    def _present(self, key: str) -> _Present | None:
        with aws_errors("outbox-bucket"):
            try:
                answer = self._s3.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in {"404", "NoSuchKey"}:
                    return None
                raise
        return _Present(answer["ETag"], answer["Metadata"])


class _Present(NamedTuple):
    etag: str
    told: dict[str, str]


def _prevails(present: dict[str, str], told: dict[str, str]) -> bool:
    """Whether what is there is of a newer version, or as good of the same one."""
    if present.get(_FILE_ID) == told[_FILE_ID]:
        return present.get(_ORDER, "") >= told[_ORDER]
    return present.get(_ORDER, "") > told[_ORDER]


def path_of_answer(path: str) -> str:
    """The path in the outbox that the documents about a file begin with.

    It is the file's own, unless no suffix would fit behind it: then as much of it as fits, `~`,
    and the first 32 hexadecimal digits of its SHA-256.
    """
    written = path.encode()
    if len(written) <= LONGEST_PATH:
        return path
    digest = hashlib.sha256(written).hexdigest()[:_DIGEST_LENGTH]
    kept = written[: LONGEST_PATH - len(digest) - 1].decode(errors="ignore")
    return f"{kept}~{digest}"
