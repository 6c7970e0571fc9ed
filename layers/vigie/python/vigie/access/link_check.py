"""Whether a link opens: whose it is, and whether the birth date is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.access.birth_date import birth_date_opens
from vigie.access.grant import AccessGrant, token_hash
from vigie.access.link_code import LinkCode
from vigie.certificates.source import source_id
from vigie.person.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.access.grant_store import GrantStore, Try
    from vigie.access.open_request import OpenRequest
    from vigie.certificates.source import Source, SourceReader
    from vigie.sealing import FieldCipher


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link in the hands of the person whom it was sent to.

    Attributes:
        grant: what it opens.
        source: the result or vaccination that it was sent for.
        identity: whose it is.
    """

    grant: AccessGrant
    source: Source
    identity: Identity

    def shows(self, other: Source) -> bool:
        """Whether a record is behind the link: this one, or the person's with the same contact."""
        return source_id(other) == source_id(self.source) or (
            other.person == self.source.person and other.contact_tag == self.grant.contact_tag
        )


class LinkCheck:
    """Checks links, and counts the tries on each.

    Args:
        grants: the grants table.
        sources: results and vaccinations.
        identity_cipher: opens sealed identities.
        tell: told the code of each refusal.
    """

    def __init__(
        self,
        grants: GrantStore,
        sources: SourceReader,
        identity_cipher: FieldCipher,
        tell: Callable[[LinkCode], None],
    ) -> None:
        self._grants = grants
        self._sources = sources
        self._identity_cipher = identity_cipher
        self._tell = tell

    def held(self, request: OpenRequest, now: datetime) -> HeldLink | None:
        """The link, if the birth date is right; None if it does not open, for whatever reason.

        Raises:
            Rejected: what is stored does not open.
            Unavailable: something did not answer.
        """
        tried = self._grants.count_try(token_hash(request.token), now)
        held = self._find(tried, request.birth_date) if tried else None
        if tried is None or held is None:
            self._tell(LinkCode.LINK_LOCKED if tried and tried.last else LinkCode.LINK_REFUSED)
            return None
        self._grants.forget_tries(tried.grant.token_hash)
        return held

    def source_behind(self, held: HeldLink, record_id: str) -> Source | None:
        """The current version of a result or a vaccination, if it is behind the link.

        Raises:
            Unavailable: the table did not answer.
        """
        if record_id == source_id(held.source):
            return held.source
        other = self._sources.get(record_id)
        return other if other is not None and held.shows(other) else None

    def _find(self, tried: Try, birth_date: str) -> HeldLink | None:
        source = self._sources.get(tried.grant.result_id)
        # Who corrects the contact closes the link that went to the wrong one.
        if source is None or source.contact_tag not in (None, tried.grant.contact_tag):
            return None
        identity = Identity.model_validate_json(
            self._identity_cipher.open(
                source.identity, record_id=source_id(source), field="identity"
            )
        )
        if not birth_date_opens(birth_date, identity.birth_date):
            return None
        return HeldLink(tried.grant, source, identity)
