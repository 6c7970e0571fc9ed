"""Bodies whose length tells nothing of what is in them."""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Longer than whatever an answer has to say: a revision token of 60 keys, 30 faults.
_LEAST_CHARACTERS = 5 * 1024
_RANGE = 1024


def padded(fields: Mapping[str, object]) -> str:
    """Fields as JSON, without the empty ones, and padding to a length that tells nothing of them.

    The whole body has 5,120 to 6,143 characters, each length as likely as any other,
    whatever is in it.
    """
    said = {name: value for name, value in fields.items() if value}
    length = _LEAST_CHARACTERS + secrets.randbelow(_RANGE)
    missing = length - len(json.dumps(said | {"padding": ""}))
    noise = base64.b64encode(secrets.token_bytes(max(missing, 0)))[: max(missing, 0)]
    return json.dumps(said | {"padding": noise.decode("ascii")})
