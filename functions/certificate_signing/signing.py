"""Making the certificates of a result right, whatever message says that it may have changed.

Nothing is taken from the message but the result's id. The certificates are listed first
and the result is loaded after them, so that none of them is newer than the result. What
was written is written for the version loaded; if there is another version by the time it
is written, the work is done again for that one. So a signer that was held up cannot leave
a certificate of an old version behind, and the order of messages does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificate_signing import announcements
from certificate_signing.entitlement import Due, Issue, Lapsed, Nothing
from certificate_signing.standing import standing
from vigie.certificates.recovery_due import due_on
from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from certificate_signing.batch_announcer import BatchAnnouncer
    from certificate_signing.certificate_store import CertificateStore, Held
    from certificate_signing.drafting import Drafted, Drafter
    from certificate_signing.issuing import Draft, Issuer
    from certificate_signing.journal import Journal
    from vigie.certificates.stored_certificate import StoredCertificate
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult

# No laboratory corrects a result more often while one message about it is handled.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Settled:
    kept: StoredCertificate | None
    written: bool


@dataclass(frozen=True, slots=True)
class CertificateSigning:
    """Reconciles a result's certificates with its current version.

    Attributes:
        results: reads results.
        certificates: keeps certificates and reminders.
        drafter: says what a result gives.
        issuer: signs.
        announcer: announces.
        journal: is told what happens.
    """

    results: ResultReader
    certificates: CertificateStore
    drafter: Drafter
    issuer: Issuer
    announcer: BatchAnnouncer
    journal: Journal

    def reconcile(self, result_id: str, now: datetime) -> None:
        """Revoke what no longer holds, issue what is missing, announce both.

        Doing it again changes nothing and announces the same events again.

        Args:
            result_id: the result.
            now: aware; the time of issue or revocation.

        Raises:
            Unavailable: something did not answer, or the result changes all the time.
            Rejected: a record is broken, or newer than this version of the system.
        """
        try:
            self._reconcile(result_id, now)
        except Rejected:
            # The message is kept with its reason: a reminder would only add copies of it.
            self.certificates.forget_reminder(result_id)
            raise

    def _reconcile(self, result_id: str, now: datetime) -> None:
        for _ in range(_ROUNDS):
            held = self.certificates.of_result(result_id)
            result = self.results.get(result_id)
            if result is None:
                self._forget(result_id, held)
                return
            settled = self._settle(result, held, now)
            if settled.written and not self._is_current(result):
                continue
            if settled.kept is not None:
                self.announcer.announce([announcements.issued(settled.kept)])
            return
        raise Unavailable("result-changing")

    def _settle(self, result: StoredResult, held: Held, now: datetime) -> _Settled:
        drafted = self.drafter.draft(result, now)
        sorted_out = standing(held.certificates, result.version, drafted.wanted)
        # What is wrong is revoked and announced even if nothing can be signed today.
        revoked = self._revoke(sorted_out.wrong, result, now)
        self.announcer.announce(announcements.revoked([*held.certificates, *revoked]))
        kept = sorted_out.kept
        issues = kept is None and isinstance(drafted.entitlement, Issue)
        if issues and drafted.draft is not None:
            kept = self._issue(drafted.draft, now)
        if kept is None:
            self._tell(result, drafted)
        day = drafted.entitlement.on if isinstance(drafted.entitlement, Due) else None
        reminded = self._remind(result.result_id, held, None if kept else day)
        return _Settled(kept, written=bool(revoked) or issues or reminded)

    def _revoke(
        self, wrong: Iterable[StoredCertificate], result: StoredResult, now: datetime
    ) -> list[StoredCertificate]:
        reason = "result-withdrawn" if result.withdrawn else "result-corrected"
        stored = []
        for certificate in wrong:
            revoked, ours = self.certificates.revoke(certificate, now, reason)
            if ours:
                self.journal.revoked(revoked)
            stored.append(revoked)
        return stored

    def _issue(self, draft: Draft, now: datetime) -> StoredCertificate:
        issued = self.issuer.issue(draft, now)
        stored, ours = self.certificates.add(issued.certificate)
        if ours:
            self.journal.issued(issued)
        return stored

    def _remind(self, result_id: str, held: Held, day: date | None) -> bool:
        wanted = None if day is None else due_on(day, result_id)
        if wanted == held.due_on:
            return False
        if day is None:
            self.certificates.forget_reminder(result_id)
        else:
            self.certificates.remind(result_id, day)
            self.journal.deferred(result_id, day)
        return True

    def _tell(self, result: StoredResult, drafted: Drafted) -> None:
        if isinstance(drafted.entitlement, Nothing):
            self.journal.refused(result.result_id, drafted.entitlement.reason)
        elif isinstance(drafted.entitlement, Lapsed):
            self.journal.lapsed(result.result_id)

    def _forget(self, result_id: str, held: Held) -> None:
        self.journal.result_gone(result_id)
        if held.due_on is not None:
            self.certificates.forget_reminder(result_id)

    def _is_current(self, result: StoredResult) -> bool:
        current = self.results.get(result.result_id)
        return current is not None and current.version == result.version
