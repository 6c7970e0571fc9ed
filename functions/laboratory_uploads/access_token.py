"""Access tokens of Amazon Cognito: JWTs signed with RS256.

Amazon Cognito, "Understanding the access token": `iss`, `client_id`, `scope`, `token_use` and
`exp`; a token of the client credentials grant has no `aud`.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from vigie.errors import Rejected

if TYPE_CHECKING:
    from datetime import datetime

    from laboratory_uploads.signing_keys import SigningKeys

_MOST_CHARACTERS = 4096
_PARTS = 3


class AccessTokens:
    """Judges tokens.

    Args:
        keys: of the issuer.
        issuer: as `iss` says it.
        scope: what a token must permit.
    """

    def __init__(self, keys: SigningKeys, issuer: str, scope: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._scope = scope

    def client_of(self, token: str, now: datetime) -> str:
        """The id of the client that a token was issued to.

        Raises:
            Rejected: `token-refused`, or `scope-missing`.
            Unavailable: the issuer's keys cannot be had.
        """
        claims = self._claims(token)
        valid = claims.get("iss") == self._issuer and claims.get("token_use") == "access"
        expires, client = claims.get("exp"), claims.get("client_id")
        if not valid or not isinstance(expires, int) or not isinstance(client, str):
            raise _refused()
        if expires <= now.timestamp():
            raise _refused()
        if self._scope not in str(claims.get("scope", "")).split():
            raise Rejected("scope-missing", "the token does not permit this")
        return client

    def _claims(self, token: str) -> dict[str, Any]:
        """What a token says, if the issuer signed it."""
        parts = token.split(".")
        if len(token) > _MOST_CHARACTERS or len(parts) != _PARTS or not token.isascii():
            raise _refused()
        header, claims = _object(parts[0]), _object(parts[1])
        kid = header.get("kid")
        key = None
        if header.get("alg") == "RS256" and isinstance(kid, str):
            key = self._keys.key(kid)
        if key is None:
            raise _refused()
        signed = ".".join(parts[:2]).encode()
        try:
            key.verify(_bytes(parts[2]), signed, PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise _refused() from None
        return claims


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise _refused() from None
    if not isinstance(found, dict):
        raise _refused()
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise _refused() from None


def _refused() -> Rejected:
    return Rejected("token-refused", "the token is missing or not valid")
