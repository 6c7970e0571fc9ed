"""Making the certificates of a source right, whatever message says that it may have changed.

A source is a test result or a vaccination. Nothing is taken from the message but its id, and a
version that it had. The certificates are listed first and the source is loaded after them, so
that none of them is newer than the source. What stands is made for the version loaded; if there
is another version by the time it stands, the work is done again for that one, and everything is
read consistently. So a signer that was held up cannot leave a certificate of an old version behind,
and the order of messages does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from certificate_signing import announcements
from certificate_signing.entitlement import Due, Issue, Lapsed, Nothing
from certificate_signing.standing import standing
from certificate_signing.succession import (
    ends,
    first_of_version,
    next_generation,
    why_revoked,
)
from vigie.certificates.certificate_due import RECOVERY_DUE, RENEWAL_DUE, due_on
from vigie.certificates.source import source_id
from vigie.certificates.stored_certificate import RENEWED
from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from certificate_signing.batch_announcer import BatchAnnouncer
    from certificate_signing.certificate_store import CertificateStore, Held
    from certificate_signing.drafting import Drafted, Drafter
    from certificate_signing.issuing import Draft, Issuer
    from certificate_signing.journal import Journal
    from certificate_signing.messages import Subject
    from certificate_signing.renewal import Renewal
    from certificate_signing.succession import Succession
    from vigie.certificates.reissue_due import ReissueDue
    from vigie.certificates.source import Source, SourceReader
    from vigie.certificates.stored_certificate import StoredCertificate

# Nobody corrects a record more often while one message about it is handled.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Settled:
    kept: StoredCertificate | None
    # Something was written, or was found: perhaps by one that died before it looked again.
    stands: bool


@dataclass(frozen=True, slots=True)
class CertificateSigning:
    """Reconciles a source's certificates with its current version.

    Attributes:
        sources: reads results and vaccinations.
        certificates: keeps certificates and reminders.
        drafter: says what a source gives.
        issuer: signs.
        renewal: which certificates are renewed, and when.
        announcer: announces.
        journal: is told what happens.
    """

    sources: SourceReader
    certificates: CertificateStore
    drafter: Drafter
    issuer: Issuer
    renewal: Renewal
    announcer: BatchAnnouncer
    journal: Journal

    def reconcile(self, subject: Subject, now: datetime) -> None:
        """Revoke what no longer holds, issue what is missing, announce both.

        Doing it again changes nothing and announces the same events again.

        Args:
            subject: the source, a version that there is, and what is to be signed anew.
            now: aware; the time of issue or revocation.

        Raises:
            Unavailable: something did not answer, or the source changes all the time.
            Rejected: a record is broken, or newer than this version of the system, or
                `reissue-refused:…`, it gives no certificate that could replace what it has.
        """
        try:
            self._reconcile(subject, now)
        except Rejected:
            if subject.reissue is not None:
                raise
            # The message is kept with its reason: a reminder would only add copies of it.
            reminder = RENEWAL_DUE if subject.renewal else RECOVERY_DUE
            self.certificates.forget_reminder(subject.source_id, reminder)
            raise

    def _reconcile(self, subject: Subject, now: datetime) -> None:
        known = subject.version
        for _ in range(_ROUNDS):
            held = self.certificates.of_source(subject.source_id)
            source = self._loaded(subject.source_id, held, known)
            if source is None:
                self._forget(subject.source_id, held)
                return
            settled = self._settle(source, held, now, subject)
            known = 0
            if settled.stands and not self._is_current(source):
                continue
            if settled.kept is not None:
                self.announcer.announce([announcements.issued(settled.kept)])
            return
        raise Unavailable("source-changing")

    def _loaded(self, record_id: str, held: Held, known: int) -> Source | None:
        """The source, no older than a version that there is; the current one if none is known."""
        if known == 0:
            return self.sources.get(record_id)
        newest = max((one.source_version for one in held.certificates), default=known)
        return self.sources.at_least(record_id, max(known, newest))

    def _settle(self, source: Source, held: Held, now: datetime, asked: Subject) -> _Settled:
        drafted = self.drafter.draft(source, now)
        sorted_out = standing(held.certificates, source.version, drafted.wanted)
        # What is wrong is revoked and announced even if nothing can be signed today.
        why, reasons = why_revoked(source), ends(held.certificates)
        revoked = self._revoke(
            ((each, reasons.get(each.certificate, why)) for each in sorted_out.wrong), now
        )
        self.announcer.announce(announcements.revoked([*held.certificates, *revoked]))
        kept = sorted_out.kept
        draft = drafted.draft
        if kept is not None and asked.reissue is not None:
            kept = self._reissued(asked.reissue, kept, drafted, held, now)
        elif kept is not None and asked.renewal:
            kept = self._renewed(kept, drafted, held, now)
        elif kept is None and draft is not None and isinstance(drafted.entitlement, Issue):
            place = first_of_version(held.certificates, draft.kind, source.version, why)
            kept = self._issue(draft, place, now)
        if kept is None:
            self._tell(source, drafted)
        reminded = self._remind(source_id(source), held, self._waits(kept, drafted, now))
        return _Settled(kept, stands=bool(revoked or kept) or reminded)

    def _reissued(
        self,
        reissue: ReissueDue,
        kept: StoredCertificate,
        drafted: Drafted,
        held: Held,
        now: datetime,
    ) -> StoredCertificate:
        """The certificate that holds once those that a reissue concerns are replaced.

        The new one is stored before the others are revoked: a person is never without.
        """
        current = kept
        if reissue.concerns(kept, now):
            draft = drafted.draft
            if draft is None or draft.kind != kept.kind:
                raise _refused(drafted)
            why = reissue.reason if reissue.revoke else RENEWED
            place = replace(next_generation(held.certificates, kept, why), untold=not reissue.tell)
            current = self._issue(draft, place, now, partial(_unfit_to_reissue, reissue, now))
        if not reissue.revoke:
            return current
        revoked = self._revoke(
            (
                (each, reissue.reason)
                for each in held.certificates
                if each.certificate != current.certificate and reissue.concerns(each, now)
            ),
            now,
        )
        self.announcer.announce(announcements.revoked(revoked))
        return current

    def _renewed(
        self, kept: StoredCertificate, drafted: Drafted, held: Held, now: datetime
    ) -> StoredCertificate:
        """The certificate that carries on from one that expires soon, which is not revoked."""
        draft = drafted.draft
        if draft is None or draft.kind != kept.kind:
            return kept
        expiring = {
            each.certificate: announcements.expiring(each, self.renewal.notice)
            for each in held.certificates
            if each.revoked_at is None and self.renewal.is_due(each, draft.content, now)
        }
        self.announcer.announce(expiring.values())
        if kept.certificate not in expiring:
            return kept
        place = next_generation(held.certificates, kept, RENEWED)
        return self._issue(draft, place, now, partial(_unfit_to_renew, kept))

    def _revoke(
        self, wrong: Iterable[tuple[StoredCertificate, str]], now: datetime
    ) -> list[StoredCertificate]:
        stored = []
        for certificate, reason in wrong:
            revoked, ours = self.certificates.revoke(certificate, now, reason)
            if ours:
                self.journal.revoked(revoked)
            stored.append(revoked)
        return stored

    def _issue(
        self,
        draft: Draft,
        place: Succession,
        now: datetime,
        unfit: Callable[[StoredCertificate], str | None] = lambda _certificate: None,
    ) -> StoredCertificate:
        """Sign and store a certificate; what is stored may be another's who was quicker.

        Raises:
            Unavailable: what was signed, or is stored, is unfit for what it is signed for.
        """
        issued = self.issuer.issue(self.drafter.placed(draft, place), now)
        _check(unfit(issued.certificate))
        stored, ours = self.certificates.add(issued.certificate)
        _check(unfit(stored))
        if ours:
            self.journal.issued(issued)
        return stored

    def _waits(
        self, kept: StoredCertificate | None, drafted: Drafted, now: datetime
    ) -> dict[str, date]:
        """What is still to be done on which day, by the name of its reminder."""
        if kept is None:
            due = drafted.entitlement
            return {RECOVERY_DUE: due.on} if isinstance(due, Due) else {}
        if drafted.draft is None:
            return {}
        day = self.renewal.day(kept, drafted.draft.content, now)
        return {RENEWAL_DUE: day} if day else {}

    def _remind(self, record_id: str, held: Held, waits: dict[str, date]) -> bool:
        wanted = {name: due_on(day, record_id) for name, day in waits.items()}
        for name, day in waits.items():
            if wanted[name] != held.reminders.get(name):
                self.certificates.remind(record_id, name, day)
                self.journal.deferred(record_id, name, day)
        for name in held.reminders:
            if name not in wanted:
                self.certificates.forget_reminder(record_id, name)
        return wanted != held.reminders

    def _tell(self, source: Source, drafted: Drafted) -> None:
        if isinstance(drafted.entitlement, Nothing):
            self.journal.refused(source_id(source), drafted.entitlement.reason)
        elif isinstance(drafted.entitlement, Lapsed):
            self.journal.lapsed(source_id(source))

    def _forget(self, record_id: str, held: Held) -> None:
        self.journal.source_gone(record_id)
        for name in held.reminders:
            self.certificates.forget_reminder(record_id, name)

    def _is_current(self, source: Source) -> bool:
        current = self.sources.get(source_id(source))
        return current is not None and current.version == source.version


def _refused(drafted: Drafted) -> Rejected:
    """That a record gives no certificate of the kind that it has, by the rule that says so."""
    entitlement = drafted.entitlement
    why = entitlement.reason if isinstance(entitlement, Nothing) else entitlement.kind
    return Rejected(f"reissue-refused:{why}", "the record gives no certificate of that kind")


def _unfit_to_reissue(
    reissue: ReissueDue, now: datetime, certificate: StoredCertificate
) -> str | None:
    if reissue.concerns(certificate, now):
        # By this clock its time is still to come, and it would be signed again and again; or
        # another one was stored under its name that was signed before it was asked for.
        return "reissue-early"
    # The signer was replaced less than five minutes ago, or is still to be.
    return "reissue-signer" if certificate.kid in reissue.kids else None


def _unfit_to_renew(expiring: StoredCertificate, certificate: StoredCertificate) -> str | None:
    # The signer ends as soon: the next one is still to be made.
    return None if certificate.expires_at > expiring.expires_at else "renewal-signer"


def _check(unfit: str | None) -> None:
    if unfit is not None:
        raise Unavailable(unfit)
