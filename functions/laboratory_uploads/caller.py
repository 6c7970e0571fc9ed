"""Who calls: the laboratory whose client a token was issued to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from laboratory_uploads.access_token import AccessTokens
    from vigie.laboratories import Laboratory, LaboratoryStore

_SCHEME = "bearer "
_MOST_HELD = 10_000


class Callers:
    """Finds the laboratory of a request.

    The register is asked each time: a token lives an hour, and a laboratory that is suspended is
    refused at once.

    Args:
        tokens: judges tokens.
        laboratories: the register.
    """

    def __init__(self, tokens: AccessTokens, laboratories: LaboratoryStore) -> None:
        self._tokens = tokens
        self._laboratories = laboratories
        # Whose a client is never changes; whether it still is, the entry says.
        self._finess: dict[str, str] = {}

    def laboratory(self, headers: Mapping[str, str], now: datetime) -> Laboratory:
        """The laboratory that calls, if it is let in.

        Raises:
            Rejected: `token-refused`, `scope-missing` or `laboratory-not-let-in`.
            Unavailable: something did not answer.
        """
        written = headers.get("authorization", "")
        if not written.lower().startswith(_SCHEME):
            raise Rejected("token-refused", "there is no bearer token")
        client = self._tokens.client_of(written[len(_SCHEME) :].strip(), now)
        finess = self._finess.get(client) or self._laboratories.finess_of_client(client)
        found = None if finess is None else self._laboratories.get(finess)
        if found is None or not found.active or found.client_id != client:
            raise Rejected("laboratory-not-let-in", "the laboratory is not let in")
        if len(self._finess) >= _MOST_HELD:
            self._finess.clear()
        self._finess[client] = found.finess
        return found
