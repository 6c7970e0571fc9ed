"""A batch that a gateway gives, and where to go on after it."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from vigie.federation.federation_store import DownloadCursor
from vigie.federation.shared_key import SharedKey


class GivenBatch(NamedTuple):
    """A batch, without what nobody vouches for.

    Attributes:
        day: the gateway's.
        tag: of the batch.
        content_hash: SHA-256 of its body, hexadecimal.
        size: how many keys it has.
        keys: those that somebody vouches for.
        signers: thumbprints of the certificates that signed; none where nobody did.
        refused: how many of the others, by the rule.
    """

    day: date
    tag: str
    content_hash: str
    size: int
    keys: tuple[SharedKey, ...]
    signers: frozenset[str]
    refused: Counter[str]


class Step(NamedTuple):
    """One request for keys.

    Attributes:
        batch: what came; None if nothing new did.
        cursor: where to go on.
        ended: whether there is nothing more at present.
    """

    batch: GivenBatch | None
    cursor: DownloadCursor
    ended: bool
