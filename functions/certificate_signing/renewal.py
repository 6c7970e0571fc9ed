"""Which certificates are renewed before they expire, and when.

A certificate expires with its signer or after the time of its kind, whatever it says. A dose
stays a dose, and a recovery counts until its last day (`du`): they outlive their certificate. A
test does not: no rule accepts one that is older than some days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificate_signing.claims import last_moment
from vigie.dcc.certificate import RecoveryEntry, VaccinationEntry

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta, tzinfo

    from vigie.certificates.stored_certificate import CertificateDocument
    from vigie.dcc.certificate import DigitalCovidCertificate


@dataclass(frozen=True, slots=True)
class Renewal:
    """When certificates are renewed.

    Attributes:
        notice: how long before its expiry one is.
        zone: whose calendar counts days.
    """

    notice: timedelta
    zone: tzinfo

    def day(
        self, certificate: CertificateDocument, content: DigitalCovidCertificate, now: datetime
    ) -> date | None:
        """The day on which a certificate is to be renewed, past or to come; None if never.

        Args:
            certificate: one that holds.
            content: what its source gives, which is what it says.
            now: aware.
        """
        entry = content.entry
        if isinstance(entry, VaccinationEntry):
            return self._noticed_on(certificate)
        if not isinstance(entry, RecoveryEntry):
            return None
        end = last_moment(entry)
        return self._noticed_on(certificate) if max(certificate.expires_at, now) < end else None

    def is_due(
        self, certificate: CertificateDocument, content: DigitalCovidCertificate, now: datetime
    ) -> bool:
        """Whether a certificate is to be renewed, and its day has come."""
        day = self.day(certificate, content, now)
        return day is not None and now.astimezone(self.zone).date() >= day

    def _noticed_on(self, certificate: CertificateDocument) -> date:
        return (certificate.expires_at - self.notice).astimezone(self.zone).date()
