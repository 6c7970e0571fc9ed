"""An issued code: what is kept of it, and how its item reads.

The codes themselves are not kept: an item of its own for each of the two, named by an HMAC of
it, says which row it is of. Another says it of the issuer's UUID. All are in one table.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from verification_codes.code_values import Length
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1

# After the long code's end: its token lives for a day, and its issuer may ask for the status.
_KEPT = timedelta(days=2)


class Permission(Frozen):
    """The upload code that a code was issued for.

    Attributes:
        jti: of the upload code.
        kept_until: until when its use is remembered.
    """

    jti: str
    kept_until: datetime


class CodeRow(Frozen):
    """An issued code.

    Attributes:
        row_id: random, in the token.
        issuer: name of who issued it; `page` where a person did.
        uuid: by which the issuer asks for it.
        diagnosis: what was tested, or told.
        symptom_date: of the onset, if it is known.
        test_date: of the test, if it is known.
        ends: when each of the two codes stops being taken; aware, to the second.
        permission: the upload code, where a person issued it.
        claim: keyed digest of the request that claimed it; None while nobody did.
        claimed_at: aware, to the second.
        certified: keyed digest of the HMAC that its certificate is for; None without one.
    """

    row_id: str
    issuer: str
    uuid: str
    diagnosis: Diagnosis
    symptom_date: date | None
    test_date: date | None
    ends: dict[Length, datetime]
    permission: Permission | None = None
    claim: str | None = None
    claimed_at: datetime | None = None
    certified: str | None = None


def row_key(row_id: str) -> str:
    """The name of a row's item."""
    return f"row:{row_id}"


def uuid_key(issuer: str, uuid: str) -> str:
    """The name of the item that says which row a UUID is of: another for each issuer."""
    return f"uuid:{issuer}:{uuid}"


def until_name(length: Length) -> str:
    """The attribute of a row with the end of one of its codes."""
    return f"{length}_until"


def kept_until(row: CodeRow) -> datetime:
    """When a row goes, and what leads to it."""
    return max(row.ends.values()) + _KEPT


def to_item(row: CodeRow) -> dict[str, AttributeValueTypeDef]:
    """The item of a row that nobody claimed; ends and claims are attributes of their own."""
    fixed = row.model_dump_json(exclude={"ends", "claim", "claimed_at", "certified"})
    return {
        "id": {"S": row_key(row.row_id)},
        "schema": {"N": str(SCHEMA_VERSION)},
        "document": {"S": fixed},
        **{until_name(length): {"N": seconds(end)} for length, end in row.ends.items()},
        "expires_at": {"N": seconds(kept_until(row))},
    }


def from_item(item: dict[str, Any]) -> CodeRow:
    """Read an item.

    Raises:
        Rejected: a newer version of the system wrote it.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("code-schema-unknown", "the item has a newer schema version")
    return CodeRow.model_validate(
        {
            **json.loads(item["document"]["S"]),
            "ends": {length: moment(item[until_name(length)]["N"]) for length in Length},
            "claim": item["claim"]["S"] if "claim" in item else None,
            "claimed_at": moment(item["claimed_at"]["N"]) if "claimed_at" in item else None,
            "certified": item["certified"]["S"] if "certified" in item else None,
        }
    )


def seconds(at: datetime) -> str:
    """A time as the number of an attribute: Unix seconds."""
    return str(int(at.timestamp()))


def moment(number: str) -> datetime:
    """The time that an attribute says."""
    return datetime.fromtimestamp(int(number), UTC)
