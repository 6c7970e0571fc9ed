"""Publishing of business rules: the own ones, and those of other countries."""

from __future__ import annotations

import base64
import json
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from cli.list_publishing import bulk_file
from vigie.business_rules.rule import RuleDocument
from vigie.business_rules.rule_list import (
    MAX_RULES,
    RULES,
    RULES_FILE,
    ListedRule,
    RuleList,
    ordered,
)
from vigie.business_rules.shipped import french
from vigie.errors import Rejected
from vigie.lists.publication import ListFile
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.list_signer import ListSigner
    from vigie.lists.publication import Publication


class RuleSource(Frozen):
    """What one import brought in: `sources/rules/<name>.json` of the bucket of lists.

    Attributes:
        rules: JSON of each, in base64: its bytes are what its hash is of.
    """

    rules: tuple[str, ...]

    @classmethod
    def of(cls, documents: Iterable[RuleDocument]) -> RuleSource:
        """The rules of files."""
        return cls(rules=tuple(base64.b64encode(each.content).decode() for each in documents))

    def documents(self) -> tuple[RuleDocument, ...]:
        """The rules, read again.

        Raises:
            RuleError: one is none.
        """
        return tuple(RuleDocument.read(base64.b64decode(each)) for each in self.rules)


class PublishedRules(NamedTuple):
    """What was published."""

    publication: Publication
    listed: RuleList


def import_rules(bucket: ListBucket, name: str, documents: Iterable[RuleDocument]) -> None:
    """Keep rules under a name, in the place of those that it had.

    Raises:
        Unavailable: the bucket did not answer.
    """
    bucket.keep_source(RULES, name, RuleSource.of(documents).model_dump_json().encode())


def publish_rules(bucket: ListBucket, signer: ListSigner, now: datetime) -> PublishedRules:
    """Publish the imported rules; those of France that come with the layer if there are none.

    Args:
        bucket: of published lists.
        signer: who signs them.
        now: aware, in UTC.

    Raises:
        Rejected: `source-malformed`, `rules-count`, or someone else published meanwhile.
        Unavailable: AWS did not answer.
    """
    replaced = bucket.current(RULES)
    names = bucket.sources(RULES)
    imported = [each for name in names for each in source(bucket, name)] if names else french()
    documents = ordered(imported)
    if len(documents) > MAX_RULES:
        raise Rejected("rules-count", f"there are more than {MAX_RULES:,} rules")
    signatures = {one.hash: one.signature for one in current(bucket).rules}
    listed = RuleList(
        rules=tuple(
            _listed(document, signatures.get(document.hash) or signer.signature(document.content))
            for document in documents
        )
    )
    body = listed.model_dump_json().encode()
    files = {
        RULES_FILE: ListFile(body, public_path=f"lists/{RULES_FILE}"),
        "rules.jws": bulk_file("rules.jws", body, signer, now),
        "list.json": _list_file(listed.rules, signer),
    }
    for country, rules in groupby(listed.rules, key=lambda one: one.country):
        files[f"list-{country}.json"] = _list_file(rules, signer)
    return PublishedRules(bucket.publish(RULES, files, now, replaced=replaced), listed)


def current(bucket: ListBucket) -> RuleList:
    """The rules as they are published; none before the first publication.

    Raises:
        Unavailable: the bucket did not answer.
    """
    publication = bucket.current(RULES)
    if publication is None:
        return RuleList()
    return RuleList.model_validate_json(bucket.read(RULES, publication.version, RULES_FILE))


def source(bucket: ListBucket, name: str) -> tuple[RuleDocument, ...]:
    """What an import brought in.

    Raises:
        Rejected: `source-unknown` or `source-malformed`.
        Unavailable: the bucket did not answer.
    """
    body = bucket.source(RULES, name)
    if body is None:
        raise Rejected("source-unknown", f"nothing was imported under the name {name}")
    try:
        return RuleSource.model_validate_json(body).documents()
    except (ValidationError, ValueError, Rejected):
        raise Rejected("source-malformed", f"the source {name} is malformed") from None


def _listed(document: RuleDocument, signature: str) -> ListedRule:
    return ListedRule(
        identifier=document.rule.identifier,
        version=document.rule.version,
        country=document.rule.country,
        hash=document.hash,
        content=document.content.decode(),
        signature=signature,
    )


def _list_file(rules: Iterable[ListedRule], signer: ListSigner) -> ListFile:
    body = json.dumps([one.told() for one in rules], separators=(",", ":")).encode()
    return ListFile(body, signature=signer.signature(body))
