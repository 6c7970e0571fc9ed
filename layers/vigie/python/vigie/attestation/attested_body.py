"""Whether the body of a request is the one that its device vouched for.

An authoriser sees no body: it passes on the hash that was vouched for, and what reads the body
compares the two.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from vigie.attestation.verdict import Mode
from vigie.tracing.compact_jws import base64url

if TYPE_CHECKING:
    from collections.abc import Callable

# What the authoriser's context is made of.
VERDICT, MODE, BODY_HASH = "attestation", "attestationMode", "bodySha256"


def body_hash(content: bytes) -> str:
    """The hash that a device vouches for: SHA-256 in base64url without padding."""
    return base64url(hashlib.sha256(content).digest())


def is_refused(event: dict[str, Any], differs: Callable[[], None]) -> bool:
    """Whether a request is refused for its body, which is so only where that is enforced.

    Args:
        event: of an HTTP API, payload format 2.0.
        differs: called of a body that the device did not vouch for, enforced or not.
    """
    if not _differs(event):
        return False
    differs()
    return bool(_context(event).get(MODE) == Mode.ENFORCE)


def _differs(event: dict[str, Any]) -> bool:
    """Whether a device vouched for another body; not where none vouched for any."""
    vouched = str(_context(event).get(BODY_HASH, ""))
    return bool(vouched) and not hmac.compare_digest(vouched, body_hash(_body(event)))


def _context(event: dict[str, Any]) -> dict[str, Any]:
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    return authorizer.get("lambda") or {}


def _body(event: dict[str, Any]) -> bytes:
    body = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return b""
