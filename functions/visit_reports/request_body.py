"""Reading the body of a report."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from vigie.http.bounded_body import BodyTooLargeError, BodyUnreadableError, bounded_body
from visit_reports.refusal import bad_request
from visit_reports.report_request import ReportRequest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_BYTES = 64_000

_JSON = "application/json"


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
    try:
        return bounded_body(event, MOST_BYTES)
    except BodyTooLargeError:
        raise bad_request(
            "the body is larger than 64000 bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        ) from None
    except BodyUnreadableError:
        raise bad_request("malformed body") from None


def _said(error: ErrorDetails) -> str:
    """Place and rule of the first fault."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    place = "".join(parts).removeprefix(".") or "the body"
    return f"{place}: {error['type']}"
