"""The record of a used upload code, as it stands in the table of used codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vigie.tracing.upload_code import GIVEN_FOR, LIFETIME, UploadCode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1

_DAY = timedelta(days=1)
# No digest of an upload: one that comes with the code later is another one, and refused.
_EXCHANGED = "verification"


def kept_until(code: UploadCode) -> datetime:
    """When no code of the same result can be alive: to the day, which tells no time of use."""
    last = code.issued_at.astimezone(UTC) + GIVEN_FOR + LIFETIME + _DAY
    return last.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def exchanged_item(jti: str, until: datetime) -> dict[str, AttributeValueTypeDef]:
    """The item of a code that was exchanged for a verification certificate.

    Args:
        jti: of the code.
        until: as `kept_until` gives it.
    """
    return {
        "jti": {"S": jti},
        "schema": {"N": str(SCHEMA_VERSION)},
        "digest": {"S": _EXCHANGED},
        "published": {"S": '{"inserted": 0}'},
        "expires_at": {"N": str(int(until.timestamp()))},
    }
