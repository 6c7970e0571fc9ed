"""Which statuses the OpenAPI description of tracing names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.schemas import tracing_description

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT: dict[str, Any] = json.loads(tracing_description.FILE.read_text(encoding="utf-8"))


def documented(path: str, method: str = "post", document: Mapping[str, Any] = DOCUMENT) -> set[int]:
    """The statuses of a route."""
    return {int(status) for status in document["paths"][path][method]["responses"]}


def described_body(
    path: str, method: str, response: Mapping[str, Any], document: Mapping[str, Any]
) -> dict[str, Any]:
    """The JSON Schema of the body that a response has."""
    told = document["paths"][path][method]["responses"][str(int(response["statusCode"]))]
    headers = {name.lower(): value for name, value in response["headers"].items()}
    schema = told["content"][headers["content-type"].partition(";")[0]]
    return {"components": document["components"], **schema.get("schema", {})}
