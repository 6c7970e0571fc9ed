"""Opening one certificate behind a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificate_documents import problem
from certificate_documents.not_given import NotGivenError
from vigie.access.language import preferred_language
from vigie.certificates.certificate_state import CertificateState, state_of
from vigie.certificates.packing import unpacked
from vigie.dcc import hcert

if TYPE_CHECKING:
    from datetime import datetime

    from certificate_documents.certificate_request import CertificateRequest
    from vigie.access.link_check import HeldLink, LinkCheck
    from vigie.certificates.certificate_reader import CertificateReader
    from vigie.certificates.stored_certificate import StoredCertificate
    from vigie.dcc.cwt import Claims
    from vigie.results.codes import Language
    from vigie.sealing import FieldCipher


_NOT_VALID = {
    CertificateState.REVOKED: problem.REVOKED,
    CertificateState.EXPIRED: problem.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """A valid certificate, in the hands of the person whom it is about.

    Attributes:
        stored: as it is kept.
        text: of its QR code, from `HC1:`.
        claims: what it says.
        language: that the person reads.
        opened_at: aware.
    """

    stored: StoredCertificate
    text: str
    claims: Claims
    language: Language
    opened_at: datetime


class CertificateOpening:
    """Opens certificates.

    Args:
        links: whether a link opens.
        certificates: the certificates table.
        cipher: opens sealed certificates.
    """

    def __init__(
        self, links: LinkCheck, certificates: CertificateReader, cipher: FieldCipher
    ) -> None:
        self._links = links
        self._certificates = certificates
        self._cipher = cipher

    def open(
        self, request: CertificateRequest, accept_language: str | None, now: datetime
    ) -> OpenedCertificate | None:
        """The certificate; None if the link does not open, for whatever reason.

        Args:
            request: what opens the link, and which certificate is asked for.
            accept_language: the header `Accept-Language`, if there is one.
            now: the time, aware.

        Raises:
            NotGivenError: the link opens, and there is no such certificate behind it, or it is
                revoked, or has expired.
            Rejected: what is stored does not open.
            Unavailable: something did not answer.
        """
        held = self._links.held(request, now)
        if held is None:
            return None
        language = preferred_language(accept_language, held.source.language)
        return self._behind(held, request, language, now)

    def _behind(
        self, held: HeldLink, request: CertificateRequest, language: Language, now: datetime
    ) -> OpenedCertificate:
        source = self._links.source_behind(held, request.source_id)
        stored = None if source is None else self._stored(request)
        if source is None or stored is None:
            raise NotGivenError(problem.NO_CERTIFICATE)
        state = state_of(stored, source, now)
        if state is not CertificateState.VALID:
            raise NotGivenError(_NOT_VALID[state])
        opened = self._cipher.open(stored.hcert, record_id=stored.record_id, field="hcert")
        text = unpacked(opened)
        return OpenedCertificate(stored, text, hcert.read(text).claims, language, now)

    def _stored(self, request: CertificateRequest) -> StoredCertificate | None:
        for stored in self._certificates.of_source(request.source_id):
            if stored.certificate == request.certificate:
                return stored
        return None
