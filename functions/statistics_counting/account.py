"""What is kept of a person's tests, and what of it the counts may not have yet.

An account is written first and the counts are added to after it, for many accounts at once: a
*batch*. Until it is known what became of the batch, the account says what the batch was to add on
its behalf, as one of its layers. A batch that was committed has added it; of one that was given up,
whoever finds the layer adds it.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from statistics_counting.history import Count, History
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.statistics.cell import CellKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from statistics_counting.history import Counts

SCHEMA_VERSION = 2


class Fate(Enum):
    """What became of a batch that is not committed."""

    OPEN = "open"
    GIVEN_UP = "given-up"


class Layer(Frozen):
    """What a batch was to add to the counts on behalf of an account.

    Attributes:
        batch: its id.
        results: those that changed the account.
        added: disease, day, place, kind, counter, and by how much.
    """

    batch: str
    results: tuple[str, ...]
    added: tuple[tuple[str, date, str, str, str, int], ...] = ()

    @property
    def counts(self) -> Counts:
        """What it was to add."""
        return Counter(
            {
                Count(CellKey(disease, day, place, kind), name): number
                for disease, day, place, kind, name, number in self.added
            }
        )


class Account(Frozen):
    """The tests that are counted as one person's, or one that is counted as nobody's.

    Attributes:
        key: `person#<pseudonym>`, or `apart#<result id>` of a test that no history takes, or that
            its history has settled.
        history: the tests.
        lead: the pseudonym that this one is counted as; empty if it is itself.
        leads: all that it ever was counted as, but for itself.
        link_version: of who is one person, as the event had it.
        layers: of batches of which it was not known what became of them.
        revision: counts the writes of the item; 0 if there is none.
        expires_at: Unix seconds after which it may be deleted.
    """

    key: str
    history: History = History()
    lead: str = ""
    leads: tuple[str, ...] = ()
    link_version: int = 0
    layers: tuple[Layer, ...] = ()
    revision: int = 0
    expires_at: int = 0


def person_key(person: str) -> str:
    """The key of the account of a pseudonym."""
    return f"person#{person}"


def apart_key(result_id: str) -> str:
    """The key of what is kept of a result apart from its person."""
    return f"apart#{result_id}"


def is_apart(key: str) -> bool:
    """Whether a key is of what is kept apart from any person."""
    return key.startswith(apart_key(""))


def layer_of(batch: str, results: Iterable[str], counts: Counts) -> Layer:
    """What a batch is to add."""
    return Layer(
        batch=batch,
        results=tuple(sorted(results)),
        added=tuple((*count.cell, count.name, number) for count, number in sorted(counts.items())),
    )


def to_item(account: Account) -> dict[str, AttributeValueTypeDef]:
    """The item of an account at its next revision.

    Key: `counted`. `document` is compressed JSON, for the tests of a person are much alike and a
    write of 1 KiB costs one unit.
    """
    document = account.model_dump(
        mode="json", exclude={"key", "revision", "expires_at"}, exclude_defaults=True
    )
    written = json.dumps(document, separators=(",", ":")).encode()
    return {
        "counted": {"S": account.key},
        "document": {"B": zlib.compress(written, 9)},
        "revision": {"N": str(account.revision + 1)},
        "schema": {"N": str(SCHEMA_VERSION)},
        "expires_at": {"N": str(account.expires_at)},
    }


def from_item(item: dict[str, Any]) -> Account:
    """Read the item of an account.

    Raises:
        Rejected: another version of the system wrote it; see docs/decisions/0012 on the first.
    """
    if int(item["schema"]["N"]) != SCHEMA_VERSION:
        raise Rejected("counted-schema-unknown", "the item has another schema version")
    document = json.loads(zlib.decompress(bytes(item["document"]["B"])))
    return Account(
        **document,
        key=item["counted"]["S"],
        revision=int(item["revision"]["N"]),
        expires_at=int(item["expires_at"]["N"]),
    )
