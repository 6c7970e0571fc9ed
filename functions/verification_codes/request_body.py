"""Reading the body of a request."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from verification_codes.refusal import ErrorCode, refused

if TYPE_CHECKING:
    from vigie.model import Frozen

_MOST_CHARACTERS = 64_000

Request = TypeVar("Request", bound="Frozen")


def read_request(model: type[Request], event: dict[str, Any]) -> Request:
    """The request in an event of an HTTP API, payload format 2.0.

    Raises:
        VerificationRefusedError: it is not JSON of the kind, or over 64,000 characters.
    """
    body = str(event.get("body") or "")
    if len(body) > _MOST_CHARACTERS:
        raise refused(ErrorCode.UNPARSABLE_REQUEST, "the body is larger than 64000 characters")
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body, validate=True).decode()
        fields = json.loads(body)
    except (binascii.Error, ValueError, RecursionError):
        raise refused(ErrorCode.UNPARSABLE_REQUEST, "the body is not JSON") from None
    if isinstance(fields, dict):
        # As Go reads it: null is as if absent.
        fields = {name: value for name, value in fields.items() if value is not None}
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise refused(
            ErrorCode.UNPARSABLE_REQUEST, f"invalid value of {place or 'the body'}"
        ) from None
