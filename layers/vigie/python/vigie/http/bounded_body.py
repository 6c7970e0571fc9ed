"""The bytes of a request's body, of which there may be so many."""

from __future__ import annotations

import base64
import binascii
from typing import Any


class BodyTooLargeError(Exception):
    """A body has more bytes than it may."""


class BodyUnreadableError(Exception):
    """A body cannot be turned into bytes."""


def bounded_body(event: dict[str, Any], most_bytes: int) -> bytes:
    """The body of an event of an HTTP API, payload format 2.0; empty where there is none.

    Raises:
        BodyTooLargeError: it has more than `most_bytes`.
        BodyUnreadableError: it is not base64, or no text that can be written in UTF-8.
    """
    body = str(event.get("body") or "")
    if len(body) > most_bytes * 4 // 3 + 4:
        raise BodyTooLargeError
    try:
        content = (
            base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        )
    except (binascii.Error, ValueError):
        raise BodyUnreadableError from None
    if len(content) > most_bytes:
        raise BodyTooLargeError
    return content
