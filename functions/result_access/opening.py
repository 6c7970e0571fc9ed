"""Opening a link: whose it is, whether the birth date is right, and what is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import OpenedLink, PersonView
from result_access.birth_date import birth_date_opens
from result_access.certificate_view import certificate_view, state_of
from result_access.language import preferred_language
from result_access.log_codes import LogCode
from result_access.result_view import may_be_due, result_view
from result_access.wording import wording
from vigie.access.grant import token_hash
from vigie.person.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from result_access.answer import OpenRequest, ResultView
    from result_access.grant_store import GrantStore, Try
    from result_access.reminder_reader import ReminderReader
    from vigie.access.grant import AccessGrant
    from vigie.catalogue.disease import Disease
    from vigie.certificates.certificate_reader import CertificateReader
    from vigie.results.codes import Language
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult
    from vigie.sealing import FieldCipher

# An answer has a bound: nobody needs more tests than this at once.
_MOST_RESULTS = 20


class LinkOpening:
    """Opens links.

    Args:
        grants: the grants table.
        results: the results table.
        certificates: the certificates table.
        reminders: the reminders in it.
        identity_cipher: opens sealed identities.
        certificate_cipher: opens sealed certificates.
        diseases: the catalogue.
        tell: told the code of each end.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        grants: GrantStore,
        results: ResultReader,
        certificates: CertificateReader,
        reminders: ReminderReader,
        identity_cipher: FieldCipher,
        certificate_cipher: FieldCipher,
        diseases: Mapping[str, Disease],
        tell: Callable[[LogCode], None],
    ) -> None:
        self._grants = grants
        self._results = results
        self._certificates = certificates
        self._reminders = reminders
        self._identity_cipher = identity_cipher
        self._certificate_cipher = certificate_cipher
        self._diseases = diseases
        self._tell = tell

    def open(
        self, request: OpenRequest, accept_language: str | None, now: datetime
    ) -> OpenedLink | None:
        """What is behind a link; None if it does not open, for whatever reason.

        Raises:
            Rejected: what is stored does not open.
            Unavailable: something did not answer.
        """
        tried = self._grants.count_try(token_hash(request.token), now)
        found = self._find(tried, request.birth_date) if tried else None
        if tried is None or found is None:
            self._tell(LogCode.LINK_LOCKED if tried and tried.last else LogCode.LINK_REFUSED)
            return None
        result, identity = found
        self._grants.forget_tries(tried.grant.token_hash)
        language = preferred_language(accept_language, result.language)
        results = tuple(
            self._shown(each, language, now) for each in self._behind(tried.grant, result)
        )
        self._tell(LogCode.LINK_OPENED)
        return OpenedLink(
            language=language,
            expires_at=tried.grant.expires_at,
            person=PersonView(
                family_name=identity.family_name,
                given_names=identity.given_names,
                birth_date=identity.birth_date,
            ),
            results=results,
        )

    def _find(self, tried: Try, birth_date: str) -> tuple[StoredResult, Identity] | None:
        """The result of the grant and its identity, if the birth date is theirs."""
        result = self._results.get(tried.grant.result_id)
        # A laboratory that corrects the contact closes the link that went to the wrong one.
        if result is None or result.contact_tag not in (None, tried.grant.contact_tag):
            return None
        identity = Identity.model_validate_json(
            self._identity_cipher.open(
                result.identity, record_id=result.result_id, field="identity"
            )
        )
        return (result, identity) if birth_date_opens(birth_date, identity.birth_date) else None

    def _behind(self, grant: AccessGrant, result: StoredResult) -> list[StoredResult]:
        """The result of the grant and those of the same person with the same contact."""
        others = [
            other
            for other in self._results.of_person(result.person)
            if other.contact_tag == grant.contact_tag and other.result_id != result.result_id
        ]
        # The result that the message was sent for is there, however many others there are.
        chosen = [result, *others[: _MOST_RESULTS - 1]]
        return sorted(chosen, key=lambda each: each.sampled_at, reverse=True)

    def _shown(self, result: StoredResult, language: Language, now: datetime) -> ResultView:
        words = wording(language)
        certificates = [
            certificate_view(
                certificate,
                state_of(certificate, result, now),
                words,
                self._certificate_cipher,
            )
            for certificate in self._certificates.of_result(result.result_id)
        ]
        due = may_be_due(result, certificates)
        return result_view(
            result,
            certificates,
            self._reminders.due_on(result.result_id) if due else None,
            diseases=self._diseases,
            language=language,
            words=words,
        )
