"""The grant behind a link: stored under a hash of its token, never under the token.

The item is that of the sending that carries the link, so that no link goes out whose grant is
not kept. In schema 1 the grant had an item of its own.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

LIFETIME = timedelta(days=30)
SCHEMA_VERSION = 2


class AccessGrant(Frozen):
    """What a link opens, once the birth date is right.

    The link shows the record that it was sent for and those of the same person with
    the same contact: two namesakes born on one day share a pseudonym, not a telephone.

    Attributes:
        token_hash: SHA-256 of the token, hexadecimal.
        result_id: id of the result or, beginning with `V-`, the vaccination that the message
            was sent for.
        person: pseudonym.
        contact_tag: tag of the contact that the message went to.
        expires_at: aware; the link is dead afterwards.
    """

    token_hash: str
    result_id: str
    person: str
    contact_tag: str
    expires_at: datetime


def link_token(key: bytes, sending_id: str) -> str:
    """The token of a link: 26 characters of base32, 130 bits, the same at every retry.

    Args:
        key: 32 secret bytes; see `vigie.sealing.DerivedKey`.
        sending_id: id of the sending that carries the link.
    """
    digest = hmac.digest(key, b"link\x00" + sending_id.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode()[:26].lower()


def token_hash(token: str) -> str:
    """The key that a grant is stored under: SHA-256 of the token, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def to_attributes(grant: AccessGrant) -> "dict[str, AttributeValueTypeDef]":
    """What a grant is in the DynamoDB item of its sending, whose key is `token_hash`.

    `opens_until` is in Unix seconds. The item has `tries` beside it, which counts wrong birth
    dates from 0, and lives longer than the link. In schema 1 it lives as long: there is no
    `opens_until`, and `expires_at` stands for it.
    """
    return {
        "document": {"S": grant.model_dump_json()},
        "opens_until": {"N": str(int(grant.expires_at.timestamp()))},
    }


def from_item(item: dict[str, Any]) -> AccessGrant:
    """Read the grant of an item of either schema version."""
    return AccessGrant.model_validate_json(item["document"]["S"])
