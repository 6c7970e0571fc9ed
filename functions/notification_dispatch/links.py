"""The link of a sending: the same one at every try, from a secret key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.access.grant import link_token, token_hash

if TYPE_CHECKING:
    from vigie.sealing import DerivedKey


class Links:
    """Makes links.

    Args:
        key: what link tokens derive from.
        base_url: where the page is, without a final slash.
    """

    def __init__(self, key: DerivedKey, base_url: str) -> None:
        self._key = key
        self._base_url = base_url

    def url(self, sending_id: str) -> str:
        """The link that a sending carries; who holds it can open it.

        Raises:
            Unavailable: KMS did not answer.
        """
        return f"{self._base_url}/#{link_token(self._key.bytes(), sending_id)}"

    def record_id(self, sending_id: str) -> str:
        """The key of the record of a sending and its grant; it opens nothing.

        Raises:
            Unavailable: KMS did not answer.
        """
        return token_hash(link_token(self._key.bytes(), sending_id))
