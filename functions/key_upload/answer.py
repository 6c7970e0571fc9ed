"""What is answered, and how long each answer is.

Source: `pkg/api/v1/exposure_types.go` of the Exposure Notification key server, PublishResponse.
"""

from __future__ import annotations

import base64
import json
import secrets

from key_upload.refusal import ErrorCode
from vigie.model import Frozen

# Longer than whatever an answer has to say: a revision token of 60 keys, 30 faults.
_LEAST_CHARACTERS = 5 * 1024
_RANGE = 1024


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


def refused_body(code: ErrorCode, text: str) -> str:
    """The body of a refusal."""
    return padded({"error": text, "code": code})


def decoy_body() -> str:
    """The body of the answer to a decoy."""
    return padded({})


def padded(fields: dict[str, object]) -> str:
    """Fields as JSON, without the empty ones, and padding to a length that tells nothing of them.

    The whole body has 5,120 to 6,143 characters, each length as likely as any other,
    whatever is in it.
    """
    said = {name: value for name, value in fields.items() if value}
    length = _LEAST_CHARACTERS + secrets.randbelow(_RANGE)
    missing = length - len(json.dumps(said | {"padding": ""}))
    noise = base64.b64encode(secrets.token_bytes(max(missing, 0)))[: max(missing, 0)]
    return json.dumps(said | {"padding": noise.decode("ascii")})
