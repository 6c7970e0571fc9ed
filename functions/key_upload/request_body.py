"""Reading the body of a request, with the quirks of the reference's JSON reader.

Source: `internal/jsonutil/unmarshal.go` of the Exposure Notification key server: a field that
is not known is an error, names match whatever their case, null is as if absent, the last of
several wins, and there is exactly one object.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import ValidationError

from key_upload.publish_request import PublishRequest, SentKey
from key_upload.refusal import bad_request
from vigie.http.bounded_body import BodyTooLargeError, BodyUnreadableError, bounded_body

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_BYTES = 64_000

_JSON = "application/json"
# How the API writes each name that it knows, by the name in lower case.
_WRITTEN = {
    (field.alias or name).lower(): field.alias or name
    for model in (PublishRequest, SentKey)
    for name, field in model.model_fields.items()
}


def read_request(event: dict[str, Any]) -> PublishRequest:
    """The request in an event of an HTTP API, payload format 2.0.

    Raises:
        PublishRefusedError: 415 for another content type, 413 over 64,000 bytes, else 400.
    """
    if not str(event.get("headers", {}).get("content-type", "")).startswith(_JSON):
        raise bad_request("content-type is not application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return PublishRequest.model_validate(_json(_bytes(event)))
    except ValidationError as error:
        raise bad_request(_said(error.errors(include_input=False)[0])) from None


def _bytes(event: dict[str, Any]) -> bytes:
    try:
        return bounded_body(event, MOST_BYTES)
    except BodyTooLargeError:
        raise bad_request(
            "the body is larger than 64000 bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        ) from None
    except BodyUnreadableError:
        raise bad_request("malformed body") from None


def _json(content: bytes) -> object:
    if not content.strip():
        raise bad_request("body must not be empty")
    try:
        return json.loads(content.decode(), object_pairs_hook=_named, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise bad_request("malformed json, or more than one JSON value") from None


def _named(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {_WRITTEN.get(name.lower(), name): value for name, value in pairs if value is not None}


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _said(error: ErrorDetails) -> str:
    """Place and rule of the first fault; the name of an unknown field is the sender's, not ours."""
    if error["type"] == "extra_forbidden":
        return f"unknown field in {_place(error['loc'][:-1])}"
    return f"invalid value of {_place(error['loc'])}"


def _place(location: tuple[int | str, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).removeprefix(".") or "the body"
