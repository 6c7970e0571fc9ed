"""What is answered, and how long each answer is.

Source: `pkg/api/v1/exposure_types.go` of the Exposure Notification key server, PublishResponse.
"""

from __future__ import annotations

from key_upload.refusal import ErrorCode
from vigie.http.padded_body import padded
from vigie.model import Frozen


class Published(Frozen):
    """What became of an upload, as it is kept for who asks again.

    Attributes:
        inserted: how many keys were stored.
        code: of the API, if keys were left out.
        error: why, for each of them.
        warnings: which keys were left out although they break no rule.
    """

    inserted: int
    code: ErrorCode | None = None
    error: str | None = None
    warnings: tuple[str, ...] = ()


def published_body(published: Published, revision_token: str | None) -> str:
    """The body of the answer to an upload."""
    return padded(
        {
            "revisionToken": revision_token,
            "insertedExposures": published.inserted,
            "error": published.error,
            "code": published.code,
            "warnings": list(published.warnings),
        }
    )


def refused_body(code: ErrorCode, text: str, warnings: tuple[str, ...] = ()) -> str:
    """The body of a refusal."""
    return padded({"error": text, "code": code, "warnings": list(warnings)})


def decoy_body() -> str:
    """The body of the answer to a decoy."""
    return padded({})
