"""How a published list is answered: with a tag, and for how long it may be kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.api_gateway import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

CACHED_BRIEFLY = "public, max-age=300"


def list_answer(
    event: APIGatewayProxyEventV2,
    body: str,
    *,
    tag: str,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """The response with a body, or that whoever asks has it.

    Args:
        event: the request.
        body: of the response.
        tag: names the body's content, such as the version of the list.
        content_type: of the body.
        headers: more of the response, such as `X-SIGNATURE`.
    """
    quoted = f'"{tag}"'
    kept = {"ETag": quoted, "Cache-Control": CACHED_BRIEFLY, **(headers or {})}
    if _knows(event, quoted):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=kept)
    return Response(status_code=HTTPStatus.OK, content_type=content_type, body=body, headers=kept)


def _knows(event: APIGatewayProxyEventV2, quoted: str) -> bool:
    """Whether a tag is among those of If-None-Match (RFC 9110 section 13.1.2)."""
    known = event.headers.get("if-none-match") or ""
    return any(one.strip().removeprefix("W/") in {quoted, "*"} for one in known.split(","))
