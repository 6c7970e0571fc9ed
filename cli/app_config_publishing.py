"""Publishing of the app's configuration: signed documents that stay, and a pointer to one."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from vigie.app_configuration.configuration import AppConfiguration
from vigie.app_configuration.document import Document, Pointer
from vigie.errors import Rejected
from vigie.lists.publication import ListFile
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.list_signer import ListSigner
    from vigie.lists.publication import Publication

APP_CONFIG = "app-config"

# Copied in this order: the document is there before anything points to it.
_DOCUMENT, _KEYS, _POINTER = "1-document.jws", "2-keys.json", "3-pointer.json"
_CONFIGURATION, _RECORD, _SCHEMA = "configuration.json", "record.json", "schema.json"


class ChangeRecord(Frozen):
    """Who changed the configuration, when, and to what.

    Attributes:
        number: of the document.
        at: when, in UTC.
        by: ARN of the caller, as STS says it.
        sha256: of the configuration, in hexadecimal.
        restored: the number of the document whose content was taken up again; None for a new one.
        previous: the version before, of `versions/app-config/`; None for the first.
    """

    number: int = Field(ge=1)
    at: datetime
    by: str
    sha256: str
    restored: int | None = None
    previous: str | None = None


class InForce(NamedTuple):
    """A version of the configuration.

    Attributes:
        publication: what points to it, by which it is replaced.
        record: of its change.
        content: what it says, in JSON. It was checked when it was published, by rules that
            may have been others.
    """

    publication: Publication
    record: ChangeRecord
    content: bytes


def in_force(bucket: ListBucket) -> InForce | None:
    """The configuration in force; None if there is none.

    Raises:
        Unavailable: the bucket did not answer.
    """
    publication = bucket.current(APP_CONFIG)
    if publication is None:
        return None
    version = publication.version
    return InForce(publication, _record(bucket, version), _content(bucket, version))


def history(bucket: ListBucket) -> Iterator[tuple[str, ChangeRecord]]:
    """The versions with their records, from the one in force back to the first.

    Raises:
        Unavailable: the bucket did not answer.
    """
    publication = bucket.current(APP_CONFIG)
    version = None if publication is None else publication.version
    while version is not None:
        record = _record(bucket, version)
        yield version, record
        version = record.previous


def numbered(bucket: ListBucket, number: int) -> bytes:
    """The configuration of a document, in JSON.

    Raises:
        Rejected: `version-unknown`.
        Unavailable: the bucket did not answer.
    """
    for version, record in history(bucket):
        if record.number == number:
            return _content(bucket, version)
    raise Rejected("version-unknown", f"there is no version {number}")


def publish(
    bucket: ListBucket,
    signer: ListSigner,
    configuration: AppConfiguration,
    now: datetime,
    *,
    by: str,
    replaced: InForce | None,
    restored: int | None = None,
) -> ChangeRecord:
    """Publish a configuration in the place of the one that its author saw.

    Args:
        bucket: of the configuration.
        signer: who signs it.
        configuration: what it says.
        now: aware, in UTC.
        by: ARN of the caller.
        replaced: what was in force when the change was looked at; None if nothing was.
        restored: the number of the document that it repeats.

    Raises:
        Rejected: `list-contended`, someone else changed it meanwhile.
        Unavailable: AWS did not answer.
    """
    record = ChangeRecord(
        number=1 if replaced is None else replaced.record.number + 1,
        at=now,
        by=by,
        sha256=configuration.sha256,
        restored=restored,
        previous=None if replaced is None else replaced.publication.version,
    )
    document = Document(number=record.number, published_at=now, configuration=configuration)
    signed = signer.jws(document.payload()).encode()
    path = f"{APP_CONFIG}/{record.number}.jws"
    pointer = Pointer(
        number=record.number, document=f"/{path}", sha256=hashlib.sha256(signed).hexdigest()
    )
    files = {
        _DOCUMENT: ListFile(signed, "application/jose", public_path=path, immutable=True),
        _KEYS: _json({"keys": [dict(signer.jwk)]}, f"{APP_CONFIG}/keys.json"),
        _POINTER: _json(pointer.model_dump(by_alias=True), f"{APP_CONFIG}/current.json"),
        _CONFIGURATION: ListFile(configuration.canonical()),
        _RECORD: ListFile(record.model_dump_json().encode()),
        _SCHEMA: _json(schema(), f"{APP_CONFIG}/schema.json"),
    }
    earlier = None if replaced is None else replaced.publication
    bucket.publish(APP_CONFIG, files, now, replaced=earlier)
    return record


def schema() -> dict[str, object]:
    """The JSON Schema of the configuration."""
    return AppConfiguration.model_json_schema(by_alias=True)


def _json(content: object, public_path: str) -> ListFile:
    body = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    return ListFile(body, public_path=public_path)


def _record(bucket: ListBucket, version: str) -> ChangeRecord:
    return ChangeRecord.model_validate_json(bucket.read(APP_CONFIG, version, _RECORD))


def _content(bucket: ListBucket, version: str) -> bytes:
    return bucket.read(APP_CONFIG, version, _CONFIGURATION)
