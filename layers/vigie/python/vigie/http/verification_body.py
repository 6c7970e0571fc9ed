"""Reading a body as the Exposure Notification verification server does: null is as if absent."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

if TYPE_CHECKING:
    from vigie.model import Frozen

Request = TypeVar("Request", bound="Frozen")


class UnparsableError(Exception):
    """A body that is not of its kind.

    Attributes:
        text: what is wrong, which repeats nothing that was sent.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_body(model: type[Request], event: dict[str, Any], most_characters: int) -> Request:
    """The body of an event of an HTTP API, payload format 2.0.

    Args:
        model: what it is.
        event: of the API.
        most_characters: that it may have.

    Raises:
        UnparsableError: it is too large, not JSON, or not of the kind.
    """
    body = str(event.get("body") or "")
    if len(body) > most_characters:
        raise UnparsableError(f"the body is larger than {most_characters} characters")
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body, validate=True).decode()
        fields = json.loads(body)
    except (binascii.Error, ValueError, RecursionError):
        raise UnparsableError("the body is not JSON") from None
    if isinstance(fields, dict):
        fields = {name: value for name, value in fields.items() if value is not None}
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise UnparsableError(f"invalid value of {place or 'the body'}") from None
