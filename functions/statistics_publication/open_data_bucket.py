"""The bucket that the public reads: files that are written once, and their index."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.statistics.published import INDEX, Publication, PublicationIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mypy_boto3_s3.client import S3Client

_FOREVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=300"
_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "412"}
# Somebody else is writing it right now, and may fail to.
_WRITTEN = {"ConditionalRequestConflict", "409"}
_ATTEMPTS = 5
# Publications of each disease whose files are in the index, which every visitor of the page reads.
_WITH_FILES = 31
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


class _StoredIndex(NamedTuple):
    content: PublicationIndex
    tag: str | None


class OpenDataBucket:
    """Writes the open data.

    Args:
        s3: the S3 client.
        bucket: its name.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, key: str, path: Path) -> bool:
        """Write a file unless there is one of its name.

        Returns:
            Whether it was written.

        Raises:
            Unavailable: the bucket did not answer, or another run writes it right now.
        """
        with aws_errors("open-data-bucket"):
            try:
                with path.open("rb") as body:
                    self._s3.put_object(
                        Bucket=self._bucket,
                        Key=key,
                        Body=body,
                        ContentType=_TYPES[path.suffix[1:]],
                        CacheControl=_FOREVER,
                        IfNoneMatch="*",
                    )
            except ClientError as error:
                if error_code(error) in _WRITTEN:
                    raise Unavailable("open-data-bucket:written-by-another") from None
                if error_code(error) not in _TAKEN:
                    raise
                return False
        return True

    def read(self, key: str) -> bytes | None:
        """What a file holds; None if there is none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("open-data-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
            return answer["Body"].read()

    def index(self) -> PublicationIndex:
        """The list of all publications.

        Raises:
            Unavailable: the bucket did not answer.
        """
        return self._stored_index().content

    def list_publication(self, publication: Publication) -> None:
        """Put a publication into the index, unless it is there.

        Raises:
            Unavailable: the bucket did not answer, or others kept replacing the index.
        """
        for _ in range(_ATTEMPTS):
            stored = self._stored_index()
            present = stored.content.publications
            if any(one.path == publication.path for one in present):
                return
            newest_first = sorted(
                (*present, publication),
                key=lambda one: (one.date, one.version, one.disease),
                reverse=True,
            )
            index = PublicationIndex(publications=tuple(_shortened(newest_first)))
            if self._replace_index(index, stored.tag):
                return
        raise Unavailable("open-data-bucket:index-contended")

    def _stored_index(self) -> _StoredIndex:
        with aws_errors("open-data-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=INDEX)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return _StoredIndex(PublicationIndex(), None)
                raise
            content = answer["Body"].read()
        return _StoredIndex(PublicationIndex.model_validate_json(content), answer["ETag"])

    def _replace_index(self, index: PublicationIndex, tag: str | None) -> bool:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        with aws_errors("open-data-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=INDEX,
                    Body=(index.model_dump_json() + "\n").encode(),
                    ContentType=_TYPES["json"],
                    CacheControl=_BRIEFLY,
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN | _WRITTEN | _MISSING:
                    raise
                return False
        return True


def _shortened(newest_first: Iterable[Publication]) -> Iterator[Publication]:
    """Publications, of which the old ones leave it to their `datapackage.json` to list files."""
    of_disease: Counter[str] = Counter()
    for one in newest_first:
        of_disease[one.disease] += 1
        listed = of_disease[one.disease] <= _WITH_FILES
        yield one if listed else one.model_copy(update={"files": ()})
