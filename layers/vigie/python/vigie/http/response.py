"""What every response of our HTTP APIs has in common (API Gateway, payload format 2.0)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from vigie.http.problem import CONTENT_TYPE, Problem, written

RETRY_AFTER: Final = {"Retry-After": "5"}
_UNCACHED: Final = {"Cache-Control": "no-store"}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


def protected(response: Mapping[str, Any]) -> dict[str, Any]:
    """A response that nobody frames or takes for another type, nor caches unless it says so."""
    return {**response, "headers": {**_UNCACHED, **response["headers"], **_HEADERS}}


def refusal(problem: Problem, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The response that carries a problem, where no route was asked."""
    return {
        "statusCode": problem.status,
        "headers": {"Content-Type": CONTENT_TYPE, **(headers or {})},
        "body": written(problem),
        "isBase64Encoded": False,
        "cookies": [],
    }


def described(description: str) -> dict[str, Any]:
    """The response with the OpenAPI description of an API, which is JSON."""
    return {
        "statusCode": HTTPStatus.OK,
        "headers": {"Content-Type": "application/json"},
        "body": description,
        "isBase64Encoded": False,
        "cookies": [],
    }
