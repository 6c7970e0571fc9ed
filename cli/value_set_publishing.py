"""Publishing of the value sets to verifiers: those of the release in force, signed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from cli.list_publishing import bulk_file
from vigie.dcc.value_set_list import (
    VALUE_SETS,
    VALUE_SETS_FILE,
    ListedValueSet,
    ValueSetList,
    content_hash,
    contents,
)
from vigie.lists.publication import ListFile

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.certificates.value_set_releases import ValueSetReleases
    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.list_signer import ListSigner
    from vigie.lists.publication import Publication


class PublishedValueSets(NamedTuple):
    """What was published."""

    publication: Publication
    listed: ValueSetList


def publish_value_sets(
    bucket: ListBucket, releases: ValueSetReleases, signer: ListSigner, now: datetime
) -> PublishedValueSets:
    """Publish the release in force: what is shipped, if none was ever put in force.

    Args:
        bucket: of published lists.
        releases: where the release in force is.
        signer: who signs the lists.
        now: aware, in UTC.

    Raises:
        Rejected: the release is not what it must be, or someone else published meanwhile.
        Unavailable: AWS did not answer.
    """
    replaced = bucket.current(VALUE_SETS)
    in_force = releases.in_force()
    signatures = {one.hash: one.signature for one in _current(bucket, replaced).sets}
    listed = ValueSetList(
        release=in_force.release,
        sets=tuple(
            _listed(name, content, signatures, signer)
            for name, content in contents(in_force).items()
        ),
    )
    body = listed.model_dump_json().encode()
    told = json.dumps([one.told() for one in listed.sets], separators=(",", ":")).encode()
    files = {
        VALUE_SETS_FILE: ListFile(body, public_path="lists/valuesets.json"),
        "list.json": ListFile(told, signature=signer.signature(told)),
        "valuesets.jws": bulk_file("valuesets.jws", body, signer, now),
    }
    return PublishedValueSets(bucket.publish(VALUE_SETS, files, now, replaced=replaced), listed)


def _current(bucket: ListBucket, publication: Publication | None) -> ValueSetList:
    if publication is None:
        return ValueSetList()
    body = bucket.read(VALUE_SETS, publication.version, VALUE_SETS_FILE)
    return ValueSetList.model_validate_json(body)


def _listed(
    name: str, content: str, signatures: dict[str, str], signer: ListSigner
) -> ListedValueSet:
    digest = content_hash(content)
    signature = signatures.get(digest) or signer.signature(content.encode())
    return ListedValueSet(id=name, hash=digest, content=content, signature=signature)
