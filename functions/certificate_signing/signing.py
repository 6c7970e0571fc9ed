"""Making the certificates of a result right, whatever message says that it may have changed.

Nothing is taken from the message but the result's id, and a version that it had. The
certificates are listed first and the result is loaded after them, so that none of them is
newer than the result. What stands is made for the version loaded; if there is another version
by the time it stands, the work is done again for that one, and everything is read
consistently. So a signer that was held up cannot leave a certificate of an old version behind,
and the order of messages does not matter.
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
    from certificate_signing.messages import Subject
    from vigie.certificates.stored_certificate import StoredCertificate
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult

# No laboratory corrects a result more often while one message about it is handled.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Settled:
    kept: StoredCertificate | None
    # Something was written, or was found: perhaps by one that died before it looked again.
    stands: bool


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

    def reconcile(self, subject: Subject, now: datetime) -> None:
        """Revoke what no longer holds, issue what is missing, announce both.

        Doing it again changes nothing and announces the same events again.

        Args:
            subject: the result, and a version that there is.
            now: aware; the time of issue or revocation.

        Raises:
            Unavailable: something did not answer, or the result changes all the time.
            Rejected: a record is broken, or newer than this version of the system.
        """
        try:
            self._reconcile(subject, now)
        except Rejected:
            # The message is kept with its reason: a reminder would only add copies of it.
            self.certificates.forget_reminder(subject.result_id)
            raise

    def _reconcile(self, subject: Subject, now: datetime) -> None:
        known = subject.version
        for _ in range(_ROUNDS):
            held = self.certificates.of_source(subject.result_id)
            result = self._loaded(subject.result_id, held, known)
            if result is None:
                self._forget(subject.result_id, held)
                return
            settled = self._settle(result, held, now)
            known = 0
            if settled.stands and not self._is_current(result):
                continue
            if settled.kept is not None:
                self.announcer.announce([announcements.issued(settled.kept)])
            return
        raise Unavailable("result-changing")

    def _loaded(self, result_id: str, held: Held, known: int) -> StoredResult | None:
        """The result, no older than a version that there is; the current one if none is known."""
        if known == 0:
            return self.results.get(result_id)
        newest = max((one.source_version for one in held.certificates), default=known)
        return self.results.at_least(result_id, max(known, newest))

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
        return _Settled(kept, stands=bool(revoked or kept) or reminded)

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
