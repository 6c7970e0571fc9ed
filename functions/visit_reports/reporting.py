"""Taking reports: permission, selection, one record of use, then the visits."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from vigie.errors import Unavailable
from vigie.tracing.code_verifier import UploadCodeRefusedError
from visit_reports.log_codes import LogCode
from visit_reports.refusal import permission_refused
from visit_reports.report_request import ReportAnswer
from visit_reports.report_store import UsedReport
from visit_reports.visit_selection import selected

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.sealing import DerivedKey
    from vigie.tracing.code_verifier import CodeVerifier
    from vigie.tracing.upload_code import UploadCode
    from visit_reports.report_request import ReportRequest
    from visit_reports.report_store import ReportStore
    from visit_reports.visit_sender import VisitSender


class VisitReporting:
    """Takes reports.

    Args:
        codes: verifies upload codes.
        digest_key: keys the digests of reports, so that nobody who reads the table can try which
            places a report named.
        store: the codes that were used.
        sender: sends visits.
        tell: told the code of each end.
    """

    def __init__(
        self,
        codes: CodeVerifier,
        digest_key: DerivedKey,
        store: ReportStore,
        sender: VisitSender,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._codes = codes
        self._digest_key = digest_key
        self._store = store
        self._sender = sender
        self._tell = tell

    def report(self, request: ReportRequest, now: datetime) -> ReportAnswer:
        """What became of a report; a code permits one, and the same one again.

        The visits are sent after the code was used up, and on every repetition: what is lost in
        between is made up for when the app asks again.

        Raises:
            ReportRefusedError: it is not taken; nothing changed.
            Rejected: something was written by a newer version of the system.
            Unavailable: something did not answer; the same report may come again.
        """
        code = self._verified(request, now)
        visits = selected(request, now)
        wanted = UsedReport(digest=self._digest(request, code), accepted=len(visits))
        used = self._store.use_of(code)
        if used is None and visits:
            used = self._use(code, wanted)
        if used is None:
            # Nothing is counted, so the code stays for another try.
            return _answer(0, request)
        if not hmac.compare_digest(used.digest, wanted.digest):
            raise permission_refused()
        # Before the visits are sent: a code counts once, however often that fails.
        self._tell(LogCode.VISITS_REPORTED if used is wanted else LogCode.REPORT_REPEATED, "")
        self._sender.send(code, visits)
        return _answer(used.accepted, request)

    def _verified(self, request: ReportRequest, now: datetime) -> UploadCode:
        try:
            return self._codes.verify(request.verification_payload, now)
        except UploadCodeRefusedError:
            raise permission_refused() from None

    def _use(self, code: UploadCode, wanted: UsedReport) -> UsedReport:
        if self._store.use(code, wanted):
            return wanted
        earlier = self._store.use_of(code)
        if earlier is None:
            raise Unavailable("visit-reports-table:gone")
        return earlier

    def _digest(self, request: ReportRequest, code: UploadCode) -> str:
        """What tells one report from another: its visits, in whatever order, and the pivot date."""
        visits = sorted(f"{sent.scanned_at}.{sent.qr_code}" for sent in request.visits)
        content = "\n".join([code.jti, str(request.pivot_date), *visits])
        return hmac.digest(self._digest_key.bytes(), content.encode(), hashlib.sha256).hex()


def _answer(accepted: int, request: ReportRequest) -> ReportAnswer:
    return ReportAnswer(
        success=True,
        message=f"{accepted}/{len(request.visits)} accepted visits",
        accepted=accepted,
    )
