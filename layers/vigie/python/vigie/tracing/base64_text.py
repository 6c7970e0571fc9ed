"""Base64 as the Exposure Notification key server reads it.

Source: `pkg/base64util/decode.go`: the standard or the URL alphabet, padding or none.
"""

import base64
import binascii

_STANDARD = str.maketrans("-_", "+/")


def decoded(text: str) -> bytes | None:
    """The bytes; None if it is not base64."""
    bare = text.rstrip("=").translate(_STANDARD)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
