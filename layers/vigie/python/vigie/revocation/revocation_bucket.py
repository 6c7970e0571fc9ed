"""The bucket of revocations: signed batches, slices, and the documents that lead to them.

- `batches/<batch id>.cms`, `foreign/<batch id>.cms`: signed, written once.
- `slices/<name>`: named by their content.
- `partitions/<kid>.json`, `lists.json`: what names the slices. The metadata `made-of` says which
  batches they come from.
- `retired/<day>/<kid>-<made of>.json`: names of slices that a document no longer names.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.revocation.device_list import kid_in_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from mypy_boto3_s3.client import S3Client

BATCHES = "batches"
FOREIGN = "foreign"
SLICES = "slices"
PARTITIONS = "partitions"
LISTS = "lists.json"
RETIRED = "retired"

_MADE_OF = "made-of"
_LISTED = "listed"
_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_DELETED_AT_ONCE = 1000


class Document(NamedTuple):
    """`/lists`, or the partitions of a signer.

    Attributes:
        content: JSON.
        tag: names this content.
        made_of: which batches it comes from, as a hash.
        listed: of partitions, what `/lists` says of their signer, in JSON; else empty.
    """

    content: bytes
    tag: str
    made_of: str
    listed: str


class RevocationBucket:
    """Keeps what is published of revocations.

    Args:
        s3: the S3 client.
        bucket: its name.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep_batch(self, folder: str, batch_id: str, message: bytes) -> bytes:
        """Keep a signed batch unless there is one of its id, and give the one that is kept.

        Raises:
            Unavailable: the bucket did not answer, or another run writes it right now.
        """
        name = _batch(folder, batch_id)
        with aws_errors("revocation-bucket"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=name,
                    Body=message,
                    ContentType="application/cms",
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN:
                    raise
            else:
                return message
        kept = self._read(name)
        if kept is None:
            raise Unavailable("revocation-bucket:being-written")
        return kept.content

    def batch(self, folder: str, batch_id: str) -> bytes | None:
        """A signed batch; None if there is none of that id.

        Raises:
            Unavailable: the bucket did not answer.
        """
        found = self._read(_batch(folder, batch_id))
        return None if found is None else found.content

    def lists(self) -> Document | None:
        """`/lists`; None before it is first made.

        Raises:
            Unavailable: the bucket did not answer.
        """
        return self._read(LISTS)

    def put_lists(self, content: bytes, made_of: str) -> None:
        """Replace `/lists`.

        Raises:
            Unavailable: the bucket did not answer.
        """
        self._put(LISTS, content, made_of)

    def partitions(self, kid: bytes | None) -> Document | None:
        """The partitions of a signer; None if it has none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        return self._read(_partitions(kid))

    def put_partitions(
        self, kid: bytes | None, content: bytes, *, made_of: str, listed: str
    ) -> None:
        """Replace the partitions of a signer.

        Args:
            kid: of the signer.
            content: JSON.
            made_of: which batches it comes from, as a hash.
            listed: what `/lists` says of the signer, in JSON.

        Raises:
            Unavailable: the bucket did not answer.
        """
        self._put(_partitions(kid), content, made_of, listed)

    def delete_partitions(self, kid: bytes | None) -> None:
        """Delete the partitions of a signer that has nothing revoked any more.

        Raises:
            Unavailable: the bucket did not answer.
        """
        self._delete([_partitions(kid)])

    def slice(self, name: str) -> bytes | None:
        """A slice; None if there is none of that name.

        Raises:
            Unavailable: the bucket did not answer.
        """
        found = self._read(f"{SLICES}/{name}")
        return None if found is None else found.content

    def put_slice(self, name: str, content: bytes) -> None:
        """Keep a slice; again, if it is there.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("revocation-bucket"):
            self._s3.put_object(Bucket=self._bucket, Key=f"{SLICES}/{name}", Body=content)

    def retire(self, day: date, kid: bytes | None, names: Sequence[str]) -> None:
        """Note slices that a document of today no longer names.

        Raises:
            Unavailable: the bucket did not answer.
        """
        content = json.dumps({"names": sorted(names)}).encode()
        told = hashlib.sha256(content).hexdigest()[:16]
        self._put(f"{RETIRED}/{day.isoformat()}/{kid_in_path(kid)}-{told}.json", content)

    def retired_before(self, day: date) -> Iterator[tuple[str, list[str]]]:
        """The notes of days before one: the key of each, and the names in it.

        Raises:
            Unavailable: the bucket did not answer.
        """
        for key in self._keys(f"{RETIRED}/"):
            if key.split("/")[1] >= day.isoformat():
                return
            note = self._read(key)
            if note is not None:
                yield key, json.loads(note.content)["names"]

    def delete_slices(self, names: Iterable[str], note: str) -> None:
        """Delete slices, and then the note of them.

        Raises:
            Unavailable: the bucket did not answer, or kept one.
        """
        self._delete([f"{SLICES}/{name}" for name in names])
        self._delete([note])

    def _read(self, key: str) -> Document | None:
        with aws_errors("revocation-bucket"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
            said = answer["Metadata"]
            return Document(
                content=answer["Body"].read(),
                tag=answer["ETag"].strip('"'),
                made_of=said.get(_MADE_OF, ""),
                listed=said.get(_LISTED, ""),
            )

    def _put(self, key: str, content: bytes, made_of: str = "", listed: str = "") -> None:
        with aws_errors("revocation-bucket"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType="application/json",
                Metadata={_MADE_OF: made_of, _LISTED: listed},
            )

    def _keys(self, prefix: str) -> Iterator[str]:
        with aws_errors("revocation-bucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                yield from (found["Key"] for found in page.get("Contents", []))

    def _delete(self, keys: Sequence[str]) -> None:
        for first in range(0, len(keys), _DELETED_AT_ONCE):
            some = keys[first : first + _DELETED_AT_ONCE]
            with aws_errors("revocation-bucket"):
                answer = self._s3.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": [{"Key": key} for key in some], "Quiet": True},
                )
            if answer.get("Errors"):
                raise Unavailable("revocation-bucket:not-deleted")


def _batch(folder: str, batch_id: str) -> str:
    return f"{folder}/{batch_id}.cms"


def _partitions(kid: bytes | None) -> str:
    return f"{PARTITIONS}/{kid_in_path(kid)}.json"
