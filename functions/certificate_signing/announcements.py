"""The events about certificates: the same ones for the same stored certificate."""

from collections.abc import Iterable

from vigie.certificates.stored_certificate import StoredCertificate
from vigie.events.event import CertificateIssued, CertificateRevoked, event_id


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
