"""The bucket of revocations: signed batches, slices, and the documents that lead to them.

- `batches/<batch id>.cms`, `foreign/<batch id>.cms`: signed, written once.
- `slices/<name>`: named by their content.
- `lists.json`: the signers. The metadata `made-of` says which batches it comes from.
- `partitions/<kid>.json`: all partitions of a signer, gzipped, for a device. Its metadata is what
  leads to each alone: `made-of`, `names` of the partitions, and `listed`, what `/lists` says.
- `partitions/<kid>/<made of>/<name>.json`: one partition, written before what leads to it. So
  nobody reads more than 16 chunks to look a certificate up.
- `retired/<day>/<kid>-<…>.json`: what is named no longer, to be deleted.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.object_deletion import delete_objects
from vigie.revocation.device_list import kid_in_path, read_kid_in_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_NAMES = "names"
_GZIP = "gzip"
_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_PARALLEL = 16


class Document(NamedTuple):
    """`/lists`, or the partitions of a signer.

    Attributes:
        content: JSON; of partitions, gzipped.
        tag: names this content.
        made_of: which batches it comes from, as a hash.
    """

    content: bytes
    tag: str
    made_of: str


class Generation(NamedTuple):
    """The partitions of a signer as they are after a publication.

    Attributes:
        made_of: which batches they come from, as a hash.
        listed: what `/lists` says of the signer, in JSON.
        names: of the partitions.
    """

    made_of: str
    listed: str
    names: tuple[str, ...]


class Retired(NamedTuple):
    """What is named no longer since a day.

    Attributes:
        note: the key that says so.
        kid: of the signer.
        made_of: the generation of the signer's partitions.
        slices: names of slices.
    """

    note: str
    kid: bytes | None
    made_of: str
    slices: tuple[str, ...]


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
        self._put(LISTS, content, {_MADE_OF: made_of})

    def partitions(self, kid: bytes | None) -> Document | None:
        """All partitions of a signer, for a device; None if it has none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        return self._read(_partitions(kid))

    def generation(self, kid: bytes | None) -> Generation | None:
        """What leads to the partitions of a signer; None if it has none.

        Raises:
            Unavailable: the bucket did not answer.
        """
        with aws_errors("revocation-bucket"):
            try:
                said = self._s3.head_object(Bucket=self._bucket, Key=_partitions(kid))["Metadata"]
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
        names = tuple(said.get(_NAMES, "").split())
        return Generation(said.get(_MADE_OF, ""), said.get(_LISTED, ""), names)

    def partition(self, kid: bytes | None, generation: Generation, name: str) -> bytes | None:
        """One partition of a signer, in JSON; None if it has none of that name.

        Raises:
            Unavailable: the bucket did not answer, or lacks what it says it has.
        """
        if name not in generation.names:
            return None
        found = self._read(f"{_generation(kid, generation.made_of)}{name}.json")
        if found is None:
            # Taken for empty, it would let through what is revoked.
            raise Unavailable("revocation-bucket:partition-missing")
        return found.content

    def put_partitions(
        self, kid: bytes | None, whole: bytes, each: Mapping[str, bytes], made_of: str, listed: str
    ) -> None:
        """Replace the partitions of a signer: each alone first, and then what leads to them.

        Args:
            kid: of the signer.
            whole: all of them, in JSON.
            each: in JSON, by name.
            made_of: which batches they come from, as a hash.
            listed: what `/lists` says of the signer, in JSON.

        Raises:
            Unavailable: the bucket did not answer.
        """
        folder = _generation(kid, made_of)
        with ThreadPoolExecutor(_PARALLEL) as pool:
            list(pool.map(lambda name: self._put(f"{folder}{name}.json", each[name]), each))
        self._put(
            _partitions(kid),
            gzip.compress(whole, mtime=0),
            {_MADE_OF: made_of, _LISTED: listed, _NAMES: " ".join(sorted(each))},
            ContentEncoding=_GZIP,
        )

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

    def retire(self, day: date, kid: bytes | None, made_of: str, slices: Iterable[str]) -> None:
        """Note a generation, and its slices, that nothing of today names.

        Raises:
            Unavailable: the bucket did not answer.
        """
        content = json.dumps(
            {"kid": kid_in_path(kid), "made_of": made_of, "names": sorted(slices)}
        ).encode()
        told = hashlib.sha256(content).hexdigest()[:16]
        self._put(f"{RETIRED}/{day.isoformat()}/{kid_in_path(kid)}-{told}.json", content)

    def retired_before(self, day: date) -> Iterator[Retired]:
        """What was retired on days before one.

        Raises:
            Unavailable: the bucket did not answer.
        """
        for key in self._keys(f"{RETIRED}/"):
            if key.split("/")[1] >= day.isoformat():
                return
            note = self._read(key)
            if note is not None:
                said = json.loads(note.content)
                kid = read_kid_in_path(said["kid"])
                yield Retired(key, kid, said["made_of"], tuple(said["names"]))

    def delete_retired(self, retired: Retired) -> None:
        """Delete what was retired, and then the note of it.

        Raises:
            Unavailable: the bucket did not answer, or kept some of it.
        """
        self._delete([f"{SLICES}/{name}" for name in retired.slices])
        if retired.made_of:
            self._delete(list(self._keys(_generation(retired.kid, retired.made_of))))
        self._delete([retired.note])

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
            )

    def _put(
        self,
        key: str,
        content: bytes,
        said: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - of `put_object`
    ) -> None:
        with aws_errors("revocation-bucket"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType="application/json",
                Metadata=said or {},
                **more,
            )

    def _keys(self, prefix: str) -> Iterator[str]:
        with aws_errors("revocation-bucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                yield from (found["Key"] for found in page.get("Contents", []))

    def _delete(self, keys: Sequence[str]) -> None:
        delete_objects(self._s3, self._bucket, keys, "revocation-bucket")


def _batch(folder: str, batch_id: str) -> str:
    return f"{folder}/{batch_id}.cms"


def _generation(kid: bytes | None, made_of: str) -> str:
    return f"{PARTITIONS}/{kid_in_path(kid)}/{made_of}/"


def _partitions(kid: bytes | None) -> str:
    return f"{PARTITIONS}/{kid_in_path(kid)}.json"
