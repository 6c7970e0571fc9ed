"""Reading the body of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from verification_codes.refusal import ErrorCode, refused
from vigie.http.verification_body import UnparsableError, read_body

if TYPE_CHECKING:
    from vigie.model import Frozen

_MOST_CHARACTERS = 64_000

Request = TypeVar("Request", bound="Frozen")


def read_request(model: type[Request], event: dict[str, Any]) -> Request:
    """The request in an event of an HTTP API, payload format 2.0.

    Raises:
        VerificationRefusedError: it is not JSON of the kind, or over 64,000 characters.
    """
    try:
        return read_body(model, event, _MOST_CHARACTERS)
    except UnparsableError as unparsable:
        raise refused(ErrorCode.UNPARSABLE_REQUEST, unparsable.text) from None
