"""Whether a certificate can be shown to others, and which one of a record is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from vigie.results.codes import Outcome
from vigie.results.shown_outcome import shown_outcome
from vigie.vaccinations.stored_vaccination import VaccinationDocument

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.certificates.stored_certificate import CertificateDocument, StoredCertificate
    from vigie.results.stored_result import ResultDocument

# The outcome that a certificate of each kind of a result stands on.
_STANDS_ON = {"test": Outcome.NOT_DETECTED, "recovery": Outcome.DETECTED}


class CertificateState(StrEnum):
    """Whether a certificate can be shown to others."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(
    certificate: CertificateDocument, source: ResultDocument | VaccinationDocument, now: datetime
) -> CertificateState:
    """Whether a certificate can be shown to others.

    One cannot whose source says otherwise by now, or nothing that is to be relied on, even
    in the moments before signing has revoked it.
    """
    if certificate.revoked_at is not None or not _stands(certificate, source):
        return CertificateState.REVOKED
    return CertificateState.EXPIRED if certificate.expires_at <= now else CertificateState.VALID


def current(
    certificates: Iterable[StoredCertificate],
    source: ResultDocument | VaccinationDocument,
    now: datetime,
) -> tuple[StoredCertificate, CertificateState] | None:
    """The one certificate of a source that its person is shown; None if it never had one.

    It is the newest that is valid. Where none is, it is the newest of all, so that the person
    learns what became of it; what others carried on from is never shown beside them.

    Args:
        certificates: all that were ever made from the source.
        source: its current version.
        now: aware.
    """
    judged = [(each, state_of(each, source, now)) for each in certificates]
    return max(judged, key=lambda each: _rank(*each), default=None)


def _rank(
    certificate: StoredCertificate, state: CertificateState
) -> tuple[bool, datetime, int, int]:
    return (
        state is CertificateState.VALID,
        certificate.issued_at,
        certificate.source_version,
        certificate.generation,
    )


def _stands(certificate: CertificateDocument, source: ResultDocument | VaccinationDocument) -> bool:
    if isinstance(source, VaccinationDocument):
        return not source.withdrawn
    return shown_outcome(source) is _STANDS_ON[certificate.kind]
