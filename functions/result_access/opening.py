"""Opening a link: what is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import OpenedLink, PersonView
from result_access.certificate_view import certificate_view
from result_access.log_codes import LogCode
from result_access.result_view import may_be_due, result_view
from result_access.vaccination_view import vaccination_view
from result_access.wording import wording
from vigie.access.language import preferred_language
from vigie.certificates.certificate_state import current
from vigie.certificates.source import source_id
from vigie.results.stored_result import StoredResult
from vigie.vaccinations.stored_vaccination import StoredVaccination

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from result_access.answer import CertificateView, ResultView
    from result_access.reminder_reader import ReminderReader
    from vigie.access.link_check import HeldLink, LinkCheck
    from vigie.access.open_request import OpenRequest
    from vigie.catalogue.disease import Disease
    from vigie.certificates.certificate_reader import CertificateReader
    from vigie.certificates.source import Source
    from vigie.results.codes import Language
    from vigie.results.result_reader import ResultReader
    from vigie.sealing import FieldCipher
    from vigie.vaccinations.vaccination_reader import VaccinationReader

# An answer has a bound: nobody needs more tests or vaccinations than this at once.
_MOST_OF_A_KIND = 20


class LinkOpening:
    """Opens links.

    Args:
        links: whether a link opens.
        results: the results table.
        vaccinations: the vaccinations table.
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
        vaccinations: VaccinationReader,
        certificates: CertificateReader,
        reminders: ReminderReader,
        certificate_cipher: FieldCipher,
        diseases: Mapping[str, Disease],
        tell: Callable[[LogCode], None],
    ) -> None:
        self._links = links
        self._results = results
        self._vaccinations = vaccinations
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
        identity = held.identity
        language = preferred_language(accept_language, held.source.language)
        behind = self._behind(held)
        results = [each for each in behind if isinstance(each, StoredResult)]
        doses = [each for each in behind if isinstance(each, StoredVaccination)]
        self._tell(LogCode.LINK_OPENED)
        return OpenedLink(
            language=language,
            expires_at=held.grant.expires_at,
            person=PersonView(
                family_name=identity.family_name,
                given_names=identity.given_names,
                birth_date=identity.birth_date,
            ),
            results=tuple(
                self._result(each, language, now)
                for each in sorted(
                    results[:_MOST_OF_A_KIND], key=lambda each: each.sampled_at, reverse=True
                )
            ),
            vaccinations=tuple(
                vaccination_view(
                    each, self._certificate(each, language, now), self._diseases, language
                )
                for each in sorted(
                    doses[:_MOST_OF_A_KIND], key=lambda each: each.given_on, reverse=True
                )
            ),
        )

    def _behind(self, held: HeldLink) -> list[Source]:
        """The record of the link and those of the same person with the same contact."""
        person = held.source.person
        found: list[Source] = [
            *self._results.of_person(person),
            *self._vaccinations.of_person(person),
        ]
        sent_for = source_id(held.source)
        # What the message was sent for is there, however many others there are.
        return [
            held.source,
            *(each for each in found if held.shows(each) and source_id(each) != sent_for),
        ]

    def _certificate(
        self, source: Source, language: Language, now: datetime
    ) -> list[CertificateView]:
        """The one certificate of a source that is shown; none if it never had one."""
        shown = current(self._certificates.of_source(source_id(source)), source, now)
        if shown is None:
            return []
        return [certificate_view(*shown, wording(language), self._certificate_cipher)]

    def _result(self, result: StoredResult, language: Language, now: datetime) -> ResultView:
        words = wording(language)
        certificates = self._certificate(result, language, now)
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
