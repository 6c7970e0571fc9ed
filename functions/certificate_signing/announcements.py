"""The events about certificates: the same ones for the same stored certificate."""

from collections.abc import Iterable
from datetime import timedelta

from vigie.certificates.stored_certificate import StoredCertificate
from vigie.events.event import (
    CertificateExpiring,
    CertificateIssued,
    CertificateRevoked,
    event_id,
)


def issued(certificate: StoredCertificate) -> CertificateIssued:
    """That a certificate was signed and stored."""
    return CertificateIssued(
        id=event_id("CertificateIssued", certificate.record_id, certificate.source_version),
        occurred_at=certificate.issued_at,
        result_id=certificate.source_id,
        certificate=certificate.certificate,
        version=certificate.source_version,
        person=certificate.person,
        kind=certificate.kind,
        disease=certificate.disease,
        generation=certificate.generation,
        replaces=certificate.replaces,
        untold=certificate.untold,
    )


def revoked(certificates: Iterable[StoredCertificate]) -> list[CertificateRevoked]:
    """That those of the certificates that are revoked no longer hold."""
    return [
        CertificateRevoked(
            id=event_id("CertificateRevoked", certificate.record_id, certificate.source_version),
            occurred_at=certificate.revoked_at,
            result_id=certificate.source_id,
            certificate=certificate.certificate,
            version=certificate.source_version,
            person=certificate.person,
            kind=certificate.kind,
            disease=certificate.disease,
        )
        for certificate in certificates
        if certificate.revoked_at is not None
    ]


def expiring(certificate: StoredCertificate, notice: timedelta) -> CertificateExpiring:
    """That a certificate expires before its use ends.

    Args:
        certificate: which one.
        notice: how long before its expiry that is told.
    """
    return CertificateExpiring(
        id=event_id("CertificateExpiring", certificate.record_id, certificate.source_version),
        occurred_at=certificate.expires_at - notice,
        result_id=certificate.source_id,
        certificate=certificate.certificate,
        version=certificate.source_version,
        person=certificate.person,
        kind=certificate.kind,
        disease=certificate.disease,
        expires_at=certificate.expires_at,
    )
