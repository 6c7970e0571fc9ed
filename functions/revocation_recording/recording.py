"""Recording a revoked certificate, for the next batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revocation_recording.log_codes import LogCode
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from revocation_recording.entry_store import EntryStore
    from vigie.certificates.certificate_reader import CertificateReader
    from vigie.certificates.stored_certificate import StoredCertificate
    from vigie.events.event import CertificateRevoked


@dataclass(frozen=True, slots=True)
class Recording:
    """Turns what is told of a revocation into an entry of the list.

    Attributes:
        certificates: reads certificates.
        entries: keeps entries.
        logger: told of each, by the record's name.
    """

    certificates: CertificateReader
    entries: EntryStore
    logger: Logger

    def record(self, event: CertificateRevoked) -> None:
        """Record a revocation; again changes nothing, in a batch already or not.

        A certificate that is gone has expired: nobody would accept it.

        Raises:
            Rejected: a newer version of the system wrote the certificate.
            Unavailable: a table did not answer, or does not know of the revocation yet.
        """
        certificate = self._certificate(event)
        if certificate is None:
            self._tell(LogCode.CERTIFICATE_GONE, event)
            return
        if certificate.revoked_at is None:
            raise Unavailable("certificate-not-revoked")
        is_new = self.entries.record(certificate)
        self._tell(LogCode.REVOCATION_RECORDED if is_new else LogCode.REVOCATION_KNOWN, event)

    def _certificate(self, event: CertificateRevoked) -> StoredCertificate | None:
        for certificate in self.certificates.of_source(event.result_id):
            if certificate.certificate == event.certificate:
                return certificate
        return None

    def _tell(self, code: LogCode, event: CertificateRevoked) -> None:
        self.logger.info(code, result_id=event.result_id, detail=event.certificate)
