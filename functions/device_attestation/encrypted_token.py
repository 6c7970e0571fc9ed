"""JSON Web Encryption in compact form (RFC 7516) with A256KW and A256GCM (RFC 7518).

The one form in which Play Integrity gives its tokens.
"""

import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from vigie.errors import Rejected
from vigie.tracing.base64_text import decoded

_PARTS = 5
_WRAPPED_BYTES, _NONCE_BYTES, _TAG_BYTES = 40, 12, 16


def decrypted(token: str, key: bytes) -> bytes:
    """What a token holds.

    Args:
        token: five parts in base64url, between dots.
        key: the AES-256 key that its key is wrapped with.

    Raises:
        Rejected: `jwe-form`, `jwe-algorithm`, or `jwe-key` if another key encrypted it.
    """
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise _malformed()
    header, wrapped, nonce, ciphertext, tag = (_decoded(part) for part in parts)
    _check(header)
    if (len(wrapped), len(nonce), len(tag)) != (_WRAPPED_BYTES, _NONCE_BYTES, _TAG_BYTES):
        raise _malformed()
    try:
        content_key = aes_key_unwrap(key, wrapped)
        return AESGCM(content_key).decrypt(nonce, ciphertext + tag, parts[0].encode("ascii"))
    except (InvalidUnwrap, InvalidTag):
        raise Rejected("jwe-key", "the token is not encrypted for this key") from None


def _check(header: bytes) -> None:
    try:
        said = json.loads(header)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(said, dict):
        raise _malformed()
    if (said.get("alg"), said.get("enc")) != ("A256KW", "A256GCM") or {"crit", "zip"} & set(said):
        raise Rejected("jwe-algorithm", "the token is not encrypted with A256KW and A256GCM")


def _decoded(part: str) -> bytes:
    content = decoded(part)
    if content is None:
        raise _malformed()
    return content


def _malformed() -> Rejected:
    return Rejected("jwe-form", "it is not a JWE in compact form")
