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
