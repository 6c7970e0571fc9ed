"""What signing tells of its work: log lines with codes, and counts for the metrics."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from certificate_signing.log_codes import LogCode
from vigie.certificates.certificate_due import RECOVERY_DUE

if TYPE_CHECKING:
    from datetime import date, datetime

    from aws_lambda_powertools import Logger

    from certificate_signing.issuing import Issued
    from vigie.certificates.stored_certificate import CertificateDocument


class Journal:
    """Logs what happens to certificates and counts it; `flush` writes the rest of a batch.

    What most messages end in, issued, is one line for a batch.

    Several threads may tell at once.

    A line names the record, never the person.

    Args:
        logger: the function's logger.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._issued: list[str] = []
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._lock = Lock()

    def issued(self, issued: Issued) -> None:
        """A certificate was signed and stored."""
        certificate = issued.certificate
        self._issued.append(certificate.record_id)
        self._count("CertificatesIssued", "kind", certificate.kind)
        if certificate.replacement is not None:
            self._count("CertificatesReplaced", "reason", certificate.replacement)
        if _overdue(issued.dsc.signs_until, certificate.issued_at):
            self._logger.warning(LogCode.SIGNER_OVERDUE, kid=certificate.kid)
            self._count("SignerOverdue")

    def revoked(self, certificate: CertificateDocument) -> None:
        """A certificate was revoked."""
        self._log(LogCode.CERTIFICATE_REVOKED, certificate.source_id, certificate.certificate)
        self._count("CertificatesRevoked", "reason", certificate.revocation_reason or "")

    def refused(self, source_id: str, reason: str) -> None:
        """A result or a vaccination gives no certificate."""
        self._log(LogCode.CERTIFICATE_REFUSED, source_id, reason)
        self._count("CertificatesRefused", "reason", reason)

    def deferred(self, source_id: str, reminder: str, day: date) -> None:
        """A recovery certificate waits for its day, or a certificate for that of its renewal."""
        if reminder != RECOVERY_DUE:
            self._log(LogCode.RENEWAL_DEFERRED, source_id, day.isoformat())
            return
        self._log(LogCode.RECOVERY_DEFERRED, source_id, day.isoformat())
        self._count("RecoveriesDeferred", "kind", "recovery")

    def lapsed(self, result_id: str) -> None:
        """A result came too late for its recovery certificate."""
        self._log(LogCode.RECOVERY_LAPSED, result_id)
        self._count("CertificatesRefused", "reason", LogCode.RECOVERY_LAPSED)

    def source_gone(self, source_id: str) -> None:
        """There is no record any more: it was erased, or its time was over."""
        self._log(LogCode.SOURCE_GONE, source_id)

    def flush(self) -> None:
        """Write what was issued, and the counts, in CloudWatch's embedded metric format."""
        if self._issued:
            self._logger.info(LogCode.CERTIFICATE_ISSUED, certificates=self._issued)
        self._issued = []
        for (name, dimension, value), count in self._counts.items():
            with single_metric(name=name, unit=MetricUnit.Count, value=count) as metric:
                if dimension:
                    metric.add_dimension(name=dimension, value=value)
        self._counts.clear()

    def _log(self, code: LogCode, source_id: str, detail: str = "") -> None:
        self._logger.info(code, source_id=source_id, detail=detail)

    def _count(self, name: str, dimension: str = "", value: str = "") -> None:
        with self._lock:
            self._counts[name, dimension, value] += 1


def _overdue(signs_until: datetime | None, at: datetime) -> bool:
    return signs_until is not None and at > signs_until
