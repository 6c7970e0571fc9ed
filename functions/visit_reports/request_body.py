"""Reading the body of a report."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from visit_reports.refusal import bad_request
from visit_reports.report_request import ReportRequest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_BYTES = 64_000

_JSON = "application/json"
_MOST_BASE64_CHARACTERS = MOST_BYTES * 4 // 3 + 4


def read_report(event: dict[str, Any]) -> ReportRequest:
    """The report in an event of an HTTP API, payload format 2.0.

    Raises:
        ReportRefusedError: 415 for another content type, 413 over 64,000 bytes, else 400.
    """
    if not str(event.get("headers", {}).get("content-type", "")).startswith(_JSON):
        raise bad_request("content-type is not application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return ReportRequest.model_validate_json(_bytes(event))
    except ValidationError as error:
        raise bad_request(_said(error.errors(include_input=False)[0])) from None


def _bytes(event: dict[str, Any]) -> bytes:
    body = str(event.get("body") or "")
    if len(body) > _MOST_BASE64_CHARACTERS:
        raise _too_large()
    try:
        content = (
            base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        )
    except (binascii.Error, ValueError):
        raise bad_request("malformed body") from None
    if len(content) > MOST_BYTES:
        raise _too_large()
    return content


def _said(error: ErrorDetails) -> str:
    """Place and rule of the first fault."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    place = "".join(parts).removeprefix(".") or "the body"
    return f"{place}: {error['type']}"


def _too_large() -> Exception:
    return bad_request("the body is larger than 64000 bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
