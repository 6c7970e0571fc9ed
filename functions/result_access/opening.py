"""Opening a link: what is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import OpenedLink, PersonView
from result_access.certificate_view import certificate_view
from result_access.log_codes import LogCode
from result_access.result_view import may_be_due, result_view
from result_access.wording import wording
from vigie.access.language import preferred_language
from vigie.certificates.certificate_state import current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from result_access.answer import ResultView
    from result_access.reminder_reader import ReminderReader
    from vigie.access.link_check import HeldLink, LinkCheck
    from vigie.access.open_request import OpenRequest
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
        links: whether a link opens.
        results: the results table.
        certificates: the certificates table.
        reminders: the reminders in it.
        certificate_cipher: opens sealed certificates.
        diseases: the catalogue.
        tell: told the code of each opening.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        links: LinkCheck,
        results: ResultReader,
        certificates: CertificateReader,
        reminders: ReminderReader,
        certificate_cipher: FieldCipher,
        diseases: Mapping[str, Disease],
        tell: Callable[[LogCode], None],
    ) -> None:
        self._links = links
        self._results = results
        self._certificates = certificates
        self._reminders = reminders
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
        held = self._links.held(request, now)
        if held is None:
            return None
        identity, result = held.identity, held.result
        language = preferred_language(accept_language, result.language)
        results = tuple(self._shown(each, language, now) for each in self._behind(held))
        self._tell(LogCode.LINK_OPENED)
        return OpenedLink(
            language=language,
            expires_at=held.grant.expires_at,
            person=PersonView(
                family_name=identity.family_name,
                given_names=identity.given_names,
                birth_date=identity.birth_date,
            ),
            results=results,
        )

    def _behind(self, held: HeldLink) -> list[StoredResult]:
        """The result of the link and those of the same person with the same contact."""
        others = [
            other
            for other in self._results.of_person(held.result.person)
            if held.shows(other) and other.result_id != held.result.result_id
        ]
        # The result that the message was sent for is there, however many others there are.
        chosen = [held.result, *others[: _MOST_RESULTS - 1]]
        return sorted(chosen, key=lambda each: each.sampled_at, reverse=True)

    def _shown(self, result: StoredResult, language: Language, now: datetime) -> ResultView:
        words = wording(language)
        shown = current(self._certificates.of_source(result.result_id), result, now)
        certificates = [certificate_view(*shown, words, self._certificate_cipher)] if shown else []
        due = may_be_due(result, certificates)
        return result_view(
            result,
            certificates,
            self._reminders.due_on(result.result_id) if due else None,
            diseases=self._diseases,
            language=language,
            words=words,
            now=now,
        )
