"""The public keys that access tokens are signed with."""

from __future__ import annotations

import base64
import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_BYTES = 64 * 1024
_TIMEOUT_SECONDS = 3
# A key that is not known may be new; whoever invents names of keys makes no more calls than this.
_ASKED_EVERY_SECONDS = 60
_HELD_SECONDS = 3600


def fetched(url: str) -> bytes:
    """What stands at an address of the issuer.

    Raises:
        Unavailable: it did not answer.
    """
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - our own setting
            content: bytes = answer.read(_MOST_BYTES)
    except OSError as error:
        raise Unavailable(f"token-keys:{type(error).__name__}") from None
    return content


class SigningKeys:
    """The keys of an issuer, asked for again each hour and for a key that is not known.

    Args:
        url: of its JWK set (RFC 7517).
        fetch: gives what stands at an address.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        url: str,
        fetch: Callable[[str], bytes] = fetched,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._asked_at: float | None = None
        self._keys: dict[str, RSAPublicKey] = {}

    def key(self, kid: str) -> RSAPublicKey | None:
        """The key of a name; None if the issuer has none.

        Raises:
            Unavailable: the issuer did not answer, or not with keys.
        """
        age = None if self._asked_at is None else self._clock() - self._asked_at
        known = kid in self._keys
        if age is None or age >= (_HELD_SECONDS if known else _ASKED_EVERY_SECONDS):
            self._keys = _read(self._fetch(self._url))
            self._asked_at = self._clock()
        return self._keys.get(kid)


def _read(document: bytes) -> dict[str, RSAPublicKey]:
    try:
        keys: list[dict[str, str]] = json.loads(document)["keys"]
        return {key["kid"]: _rsa(key) for key in keys if key["kty"] == "RSA"}
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Unavailable(f"token-keys:{type(error).__name__}") from None


def _rsa(key: dict[str, Any]) -> RSAPublicKey:
    return RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
