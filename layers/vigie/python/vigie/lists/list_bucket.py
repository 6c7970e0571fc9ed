"""The bucket of published lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected, Unavailable
from vigie.lists.publication import Publication, next_publication

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3.client import S3Client

    from vigie.lists.publication import ListFile

_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
# As long as a verifier may go without asking again.
_PUBLIC_CACHE = "public, max-age=300"
_IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
_JSON = "application/json"


class _Stored(NamedTuple):
    """A pointer, and the tag by which it is replaced."""

    publication: Publication
    tag: str


class ListBucket:
    """Keeps versions of lists, which never change, and for each list a pointer to the current one.

    | key | what |
    |---|---|
    | `versions/<list>/<version>/<file>` | a file of a version, written once |
    | `versions/<list>/current.json` | the pointer, a `Publication` |
    | `sources/<list>/<name>.json` | what a list is made from, as an operator brought it in |
    | `lists/…`, `trustlist/…`, `app-config/…` | copies of files of versions, for CloudFront |

    Args:
        s3: the S3 client.
        bucket: its name.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def current(self, name: str) -> Publication | None:
        """The pointer of a list; None if it was never published.

        Raises:
            Unavailable: the bucket did not answer, or the pointer is malformed.
        """
        stored = self._pointer(name)
        return None if stored is None else stored.publication

    def read(self, name: str, version: str, file: str) -> bytes:
        """A file of a version.

        Raises:
            Unavailable: the bucket did not answer, or has no such file.
        """
        found = self._get(f"versions/{name}/{version}/{file}")
        if found is None:
            raise Unavailable("list-bucket:file-missing")
        return found[0]

    def publish(
        self,
        name: str,
        files: dict[str, ListFile],
        now: datetime,
        *,
        replaced: Publication | None,
    ) -> Publication:
        """Publish a version of a list: its files, the pointer, and then the public copies.

        A run that dies before the pointer changes nothing that anyone sees; one that dies after
        it leaves old copies, which the next publication replaces. One that is held up until
        someone else has published makes the copies those of the other's version.

        Args:
            name: of the list, such as `trust`.
            files: by name.
            now: aware, in UTC.
            replaced: the current version, read before anything that the files are made from;
                None if there was none.

        Raises:
            Rejected: `list-contended`, someone else published meanwhile.
            Unavailable: the bucket did not answer.
        """
        present = self._pointer(name)
        if (None if present is None else present.publication) != replaced:
            raise _contended()
        publication = next_publication(files, now, replaced)
        for file_name, file in files.items():
            self._put(
                f"versions/{name}/{publication.version}/{file_name}", file.body, file.content_type
            )
        self._point(name, publication, present)
        self.make_public(name, publication)
        return publication

    def source(self, name: str, source: str) -> bytes | None:
        """What a list is made from, as it was brought in; None if it was not.

        Raises:
            Unavailable: the bucket did not answer.
        """
        found = self._get(f"sources/{name}/{source}.json")
        return None if found is None else found[0]

    def keep_source(self, name: str, source: str, body: bytes) -> None:
        """Keep what a list is made from, in the place of the one of the same name.

        Raises:
            Unavailable: the bucket did not answer.
        """
        self._put(f"sources/{name}/{source}.json", body, _JSON)

    def drop_source(self, name: str, source: str) -> None:
        """Forget what a list is made from.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("list-bucket"):
            self._s3.delete_object(Bucket=self._bucket, Key=f"sources/{name}/{source}.json")

    def sources(self, name: str) -> list[str]:
        """The names of what a list is made from, in order.

        Raises:
            Unavailable: the bucket did not answer.
        """
        prefix = f"sources/{name}/"
        with aws_errors("list-bucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return sorted(key.removeprefix(prefix).removesuffix(".json") for key in keys)

    def make_public(self, name: str, publication: Publication) -> None:
        """Make the public copies those of a version, and then of whatever version is current.

        They are made in the order of the files' names.

        Raises:
            Unavailable: the bucket did not answer.
        """
        for file_name, file in publication.files.items():
            if file.public_path is not None:
                body = self.read(name, publication.version, file_name)
                cache = _IMMUTABLE_CACHE if file.immutable else _PUBLIC_CACHE
                self._put(file.public_path, body, file.content_type, cache)
        current = self.current(name)
        if current is not None and current.version != publication.version:
            self.make_public(name, current)

    def _pointer(self, name: str) -> _Stored | None:
        found = self._get(f"versions/{name}/current.json")
        if found is None:
            return None
        body, tag = found
        try:
            return _Stored(Publication.model_validate_json(body), tag)
        except ValidationError:
            raise Unavailable("list-bucket:pointer-malformed") from None

    def _point(self, name: str, publication: Publication, present: _Stored | None) -> None:
        condition: dict[str, Any] = (
            {"IfNoneMatch": "*"} if present is None else {"IfMatch": present.tag}
        )
        with aws_errors("list-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=f"versions/{name}/current.json",
                    Body=publication.model_dump_json().encode(),
                    ContentType=_JSON,
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN | _MISSING:
                    raise
                raise _contended() from None

    def _get(self, key: str) -> tuple[bytes, str] | None:
        with aws_errors("list-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
            return answer["Body"].read(), answer["ETag"]

    def _put(self, key: str, body: bytes, content_type: str, cache: str | None = None) -> None:
        cached: dict[str, Any] = {} if cache is None else {"CacheControl": cache}
        with aws_errors("list-bucket"):
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **cached
            )


def _contended() -> Rejected:
    return Rejected("list-contended", "someone else published this list: look and try again")
