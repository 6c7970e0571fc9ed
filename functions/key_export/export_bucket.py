"""The exports bucket, which apps download from through CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from key_export.file_facts import FileFacts, Position
from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.object_deletion import delete_objects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import Any

    from mypy_boto3_s3.client import S3Client

_LISTING_CACHED_SECONDS = 300
# Apps see these, too: they must not tell which keys are padding.
_GOES_ON_AFTER = "goes-on-after"
_AFTER_REVISED = "revised-"
_SHA256 = "sha256"
_KEYS = "keys"
_REVISED_KEYS = "revised-keys"
_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class StoredFile(NamedTuple):
    """What a file in the bucket says of its batch.

    Attributes:
        goes_on_after: how far it comes if the batch goes on in another file, else None.
        facts: what anyone can see of it.
    """

    goes_on_after: Position | None
    facts: FileFacts


class StoredListing(NamedTuple):
    """The index or the manifest as it is, and the tag by which it is replaced."""

    content: str
    tag: str


class ExportBucket:
    """Keeps the files of exports and their listings; a file is written once.

    Args:
        s3: the S3 client.
        bucket: name of the exports bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def find(self, name: str) -> StoredFile | None:
        """What the file of a name says; None if there is none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("exports-bucket"):
            try:
                answer = self._s3.head_object(Bucket=self._bucket, Key=name)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
        return _read(answer["Metadata"], answer["ContentLength"])

    def keep(self, name: str, archive: bytes, said: StoredFile, cached: timedelta) -> StoredFile:
        """Keep a file unless there is one of its name, and give what the kept one says.

        Args:
            name: of the file.
            archive: the zip.
            said: what it says.
            cached: how long whoever downloads it may keep it.

        Raises:
            Unavailable: the bucket did not answer, or another run writes it right now.
        """
        seconds = int(cached.total_seconds())
        with aws_errors("exports-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=name,
                    Body=archive,
                    ContentType="application/zip",
                    CacheControl=f"public, max-age={seconds}, immutable",
                    Metadata=_written(said),
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN:
                    raise
            else:
                return said
        found = self.find(name)
        if found is None:
            raise Unavailable("exports-bucket:being-written")
        return found

    def listing(self, name: str) -> StoredListing | None:
        """The index or the manifest of a name; None if there is none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("exports-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=name)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
            return StoredListing(answer["Body"].read().decode("ascii"), answer["ETag"])

    def replace(
        self, name: str, content: str, content_type: str, present: StoredListing | None
    ) -> bool:
        """Put a listing in the place of the one that was read.

        Returns:
            Whether it was; not if another run replaced that one meanwhile.

        Raises:
            Unavailable: the bucket did not answer.
        """
        condition: dict[str, Any] = (
            {"IfNoneMatch": "*"} if present is None else {"IfMatch": present.tag}
        )
        with aws_errors("exports-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=name,
                    Body=content.encode("ascii"),
                    ContentType=content_type,
                    CacheControl=f"public, max-age={_LISTING_CACHED_SECONDS}",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN | _MISSING:
                    raise
                return False
        return True

    def delete(self, names: Sequence[str]) -> None:
        """Delete files, those that are there.

        Raises:
            Unavailable: the bucket did not answer, or kept one.
        """
        delete_objects(self._s3, self._bucket, names, "exports-bucket")


def _written(said: StoredFile) -> dict[str, str]:
    position, facts = said
    written = {
        _SHA256: facts.sha256,
        _KEYS: str(facts.keys),
        _REVISED_KEYS: str(facts.revised_keys),
    }
    if position is not None:
        kind = _AFTER_REVISED if position.revised else ""
        written[_GOES_ON_AFTER] = kind + position.after.hex()
    return written


def _read(written: dict[str, str], size: int) -> StoredFile:
    after = written.get(_GOES_ON_AFTER)
    position = None
    if after is not None:
        position = Position(
            after.startswith(_AFTER_REVISED), bytes.fromhex(after.removeprefix(_AFTER_REVISED))
        )
    facts = FileFacts(
        size=size,
        sha256=written[_SHA256],
        keys=int(written[_KEYS]),
        revised_keys=int(written[_REVISED_KEYS]),
    )
    return StoredFile(position, facts)
