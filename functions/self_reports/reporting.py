"""From a request to an SMS with an upload code, or to none, without a difference to the caller.

The order of the writes: the claim, which counts; the provider; the end. A request that is repeated
after an error is tried again, and what it may have sent before goes out twice, but never more
often than a number is sent codes at all. One that ended is not sent for again.
"""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from self_reports.log_codes import LogCode
from self_reports.refusal import ErrorCode, ReportRefusedError
from self_reports.sms_text import sms_text
from vigie.errors import Unavailable
from vigie.sending.provider_errors import (
    NotTakenError,
    OutcomeUnknownError,
    RecipientRefusedError,
)
from vigie.tracing.upload_code import CodeReport, UploadCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from self_reports.report_rules import Asked
    from self_reports.report_store import ReportStore
    from self_reports.settings import Settings
    from vigie.http.door import Tell
    from vigie.results.codes import Language
    from vigie.sealing import DerivedKey
    from vigie.sending.sms_provider import SmsProvider
    from vigie.tracing.code_signer import CodeSigner


class Reporting:
    """Gives codes to people who tested themselves.

    Args:
        settings: limits, and the app's link.
        store: the report-phones table.
        secret: keys the hashes of numbers and nonces.
        signer: signs upload codes.
        sms: the provider of SMS.
        tell: told the code of each end.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        settings: Settings,
        *,
        store: ReportStore,
        secret: DerivedKey,
        signer: CodeSigner,
        sms: SmsProvider,
        tell: Tell,
    ) -> None:
        self._settings = settings
        self._prefixes = tuple(settings.phone_prefixes.split(","))
        self._store = store
        self._secret = secret
        self._signer = signer
        self._sms = sms
        self._tell = tell

    def report(self, asked: Asked, language: Language, now: datetime) -> bool:
        """Send a code to a number, if it may have one; whether the provider was asked.

        Raises:
            ReportRefusedError: the day had as many requests as it may have.
            Unavailable: something did not answer; the same request may be sent again.
        """
        # Each request counts, so that a spent day tells nothing of a number.
        if not self._store.count(self._settings.requests_a_day, now):
            self._tell(LogCode.BUDGET_SPENT)
            raise ReportRefusedError(
                ErrorCode.TRY_LATER, "try again tomorrow", HTTPStatus.TOO_MANY_REQUESTS
            )
        phone, request = self._hashed(asked.phone.encode()), self._hashed(asked.nonce)
        jti = self._claimed(asked.phone, phone, request, now)
        if jti is None:
            self._tell(LogCode.CODE_REFUSED)
            return False
        send = self._prepared(asked.phone, jti, language, now)
        self._sent(send, phone, request)
        return True

    def _claimed(self, number: str, phone: str, request: str, now: datetime) -> str | None:
        if not number.startswith(self._prefixes):
            return None
        return self._store.claim(phone, request, self._settings.messages_to_a_phone, now)

    def _prepared(
        self, number: str, jti: str, language: Language, now: datetime
    ) -> Callable[[], str]:
        code = UploadCode(
            jti=jti, issued_at=now.replace(microsecond=0), report=CodeReport.USER_REPORT
        )
        text = sms_text(language, self._settings.app_link + self._signer.sign(code))
        return lambda: self._sms.send(number, text)

    def _sent(self, send: Callable[[], str], phone: str, request: str) -> None:
        try:
            send()
        except RecipientRefusedError as refused:
            self._tell(LogCode.MESSAGE_REFUSED, refused.reason)
        except NotTakenError as busy:
            self._store.give_back(phone)
            raise Unavailable(busy.reason) from None
        except OutcomeUnknownError as unknown:
            self._tell(LogCode.MESSAGE_UNKNOWN, unknown.reason)
            raise Unavailable(unknown.reason) from None
        else:
            self._tell(LogCode.CODE_SENT)
        self._store.settle(phone, request)

    def _hashed(self, what: bytes) -> str:
        return hmac.digest(self._secret.bytes(), what, hashlib.sha256).hex()
