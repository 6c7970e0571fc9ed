"""Which of a source's certificates still hold."""

from collections.abc import Collection
from dataclasses import dataclass

from certificate_signing.succession import renewed
from vigie.certificates.kind import CertificateKind
from vigie.certificates.stored_certificate import StoredCertificate


@dataclass(frozen=True, slots=True)
class Wanted:
    """The certificate that the current version of a source gives: its kind and claims."""

    kind: CertificateKind
    content_hash: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of the certificates that are not revoked.

    Attributes:
        kept: the one that holds, if there is one.
        wrong: those to revoke. One that was renewed is not among them: what it says is true,
            and it expires by itself.
    """

    kept: StoredCertificate | None
    wrong: tuple[StoredCertificate, ...]


def standing(
    certificates: Collection[StoredCertificate], version: int, wanted: Wanted | None
) -> Standing:
    """Sort out a source's certificates.

    One made from the current version holds, whatever the catalogue or the issuer's name
    has become since: only who recorded the source takes it back. One made from another
    version holds if it says the same.

    Args:
        certificates: all of the source.
        version: the current version of the source.
        wanted: None if the source gives no certificate.
    """
    live = [certificate for certificate in certificates if certificate.revoked_at is None]
    holding = sorted(
        (certificate for certificate in live if _holds(certificate, version, wanted)),
        key=lambda certificate: (
            certificate.source_version != version,
            certificate.source_version,
            -certificate.generation,
        ),
    )
    kept = holding[0] if holding else None
    carried_on = renewed(certificates)
    stays = [each for each in holding if each == kept or each.certificate in carried_on]
    return Standing(kept, tuple(certificate for certificate in live if certificate not in stays))


def _holds(certificate: StoredCertificate, version: int, wanted: Wanted | None) -> bool:
    if certificate.source_version == version:
        return True
    if wanted is None:
        return False
    return (certificate.kind, certificate.content_hash) == (wanted.kind, wanted.content_hash)
