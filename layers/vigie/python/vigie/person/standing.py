"""Who a pseudonym is taken to be, as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.person.linkage import Evidence

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1


class Parting(Frozen):
    """A pseudonym that is not the same person, by an operator's decision.

    Attributes:
        person: the other pseudonym.
        reason: why.
        requested_at: aware time of the decision.
    """

    person: str
    reason: str
    requested_at: datetime


class Standing(Frozen):
    """What is known of who stands behind a pseudonym; there is none for one that was always alone.

    Attributes:
        person: the pseudonym.
        group: the pseudonyms of this person, itself among them, in order.
        evidence: why, when it last changed.
        version: grows with every change of the group.
        told: the version that was last told of; 0 in what was written before it was noted, which
            is told of once more.
        changed_at: aware time of what caused the change.
        apart: whom it is not.
        places: tokens by which the pseudonym is found, when it last changed.
        expires_at: Unix seconds after which it may be deleted.
    """

    person: str
    group: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    version: int = 0
    told: int = 0
    changed_at: datetime
    apart: tuple[Parting, ...] = ()
    places: tuple[str, ...] = ()
    expires_at: int


def key_of(person: str) -> dict[str, AttributeValueTypeDef]:
    """The key of a standing in the persons table."""
    return {"place": {"S": person}, "person": {"S": person}}


def to_item(standing: Standing, revision: int) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item of a standing; `revision` counts its writes."""
    return {
        **key_of(standing.person),
        "document": {"S": standing.model_dump_json()},
        "revision": {"N": str(revision)},
        "schema": {"N": str(SCHEMA_VERSION)},
        "expires_at": {"N": str(standing.expires_at)},
    }


def from_item(item: dict[str, Any]) -> tuple[Standing, int]:
    """Read an item, and its revision.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("standing-schema-unknown", "the item has a newer schema version")
    return Standing.model_validate_json(item["document"]["S"]), int(item["revision"]["N"])
