"""Publishing of the countries: those whose signers are trusted, and those that have rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli import rule_publishing, trust_publishing
from vigie.lists.country_list import COUNTRIES, COUNTRIES_FILE
from vigie.lists.publication import ListFile

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.list_signer import ListSigner


def publish_countries(bucket: ListBucket, signer: ListSigner, now: datetime) -> tuple[str, ...]:
    """Publish the countries of the lists as they are published; nothing if they are the same.

    Args:
        bucket: of published lists.
        signer: who signs them.
        now: aware, in UTC.

    Returns:
        The countries in alphabetical order, ISO 3166-1 alpha-2.

    Raises:
        Rejected: someone else published meanwhile.
        Unavailable: AWS did not answer.
    """
    replaced = bucket.current(COUNTRIES)
    trusted = {one.country for one in trust_publishing.current(bucket).signers}
    ruled = {one.country for one in rule_publishing.current(bucket).rules}
    countries = tuple(sorted(trusted | ruled))
    body = json.dumps(countries).encode()
    if replaced is None or bucket.read(COUNTRIES, replaced.version, COUNTRIES_FILE) != body:
        file = ListFile(
            body, signature=signer.signature(body), public_path=f"lists/{COUNTRIES_FILE}"
        )
        bucket.publish(COUNTRIES, {COUNTRIES_FILE: file}, now, replaced=replaced)
    return countries
