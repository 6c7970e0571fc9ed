"""How a published list is answered: with a tag, and for how long it may be kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.api_gateway import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

    from vigie.lists.published_lists import PublishedLists

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


def signed_list(
    event: APIGatewayProxyEventV2, lists: PublishedLists, name: str, file: str
) -> Response[str]:
    """A file of a list with the signature that was made when it was published.

    Args:
        event: the request.
        lists: as they are published.
        name: of the list.
        file: of its current version.

    Raises:
        Rejected: `list-unpublished`.
        Unavailable: the bucket did not answer, or has no such file.
    """
    publication, body = lists.versioned(name, file, bytes.decode)
    signature = publication.files[file].signature
    headers = {} if signature is None else {"X-SIGNATURE": signature}
    return list_answer(event, body, tag=publication.version, headers=headers)


def _knows(event: APIGatewayProxyEventV2, quoted: str) -> bool:
    """Whether a tag is among those of If-None-Match (RFC 9110 section 13.1.2)."""
    known = event.headers.get("if-none-match") or ""
    return any(one.strip().removeprefix("W/") in {quoted, "*"} for one in known.split(","))
