"""What can be said against a request before anything reads its body."""

import base64
import binascii
import json
from typing import Any

from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, Problem

_JSON = "application/json"
# What is asked is some hundred characters of JSON.
_MOST_CHARACTERS = 2048


def body_problem(
    event: dict[str, Any], too_large: Problem, most_characters: int = _MOST_CHARACTERS
) -> Problem | None:
    """The problem of a body that is too large, not JSON in UTF-8, or too deep; None if it is fine.

    Args:
        event: an event of an HTTP API, payload format 2.0.
        too_large: the problem of one that is too large.
        most_characters: that a body may have.
    """
    body = event.get("body") or ""
    if len(body) > most_characters:
        return too_large
    # Also of an empty body: what reads it afterwards knows no other type.
    content_type = str(event.get("headers", {}).get("content-type", _JSON))
    if content_type.partition(";")[0].strip().lower() != _JSON:
        return BODY_NOT_JSON
    if not body:
        return None
    try:
        encoded = event.get("isBase64Encoded")
        # Bytes would be taken for UTF-16, which what reads them afterwards does not know.
        json.loads(base64.b64decode(body, validate=True).decode() if encoded else body)
    except (binascii.Error, ValueError, RecursionError):
        return BODY_UNREADABLE
    return None
