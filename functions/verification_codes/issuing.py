"""Issuing codes: to a tracer's system with its key, and to who has an upload code."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from verification_codes.code_row import CodeRow, Permission
from verification_codes.code_store import Issued
from verification_codes.code_values import Length, kept_as, long_code, short_code
from verification_codes.issue_rules import judged
from verification_codes.log_codes import LogCode
from verification_codes.refusal import ErrorCode, VerificationRefusedError
from vigie.errors import Unavailable
from vigie.tracing.code_verifier import UploadCodeRefusedError
from vigie.tracing.issue_counts import count_of_day, day_kept_until
from vigie.tracing.issuer import key_hash, name_in
from vigie.tracing.used_code import kept_until
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from verification_codes.code_store import CodeStore
    from verification_codes.issue_rules import Particulars
    from verification_codes.messages import IssueRequest
    from verification_codes.settings import Settings
    from vigie.sealing import DerivedKey
    from vigie.tracing.code_verifier import CodeVerifier
    from vigie.tracing.issue_counts import IssueCounts
    from vigie.tracing.issuer_store import IssuerStore

# Who issued a code that a person got for themselves.
PAGE = "page"

# COLLISION_RETRY_COUNT of the reference, without its pauses.
_ATTEMPTS = 6
# A short code lives for minutes, and a person may need another one.
_CODES_OF_AN_UPLOAD_CODE = 10
_ROW_ID_BYTES = 16


class Caller(NamedTuple):
    """Who wants codes.

    Attributes:
        issuer: their name.
        counted_as: the name of their count.
        most: how high it may go.
        counted_until: when it may be forgotten.
        permission: the upload code that they have, instead of a key.
        diagnosis: what the upload code is for; None where the request says it.
    """

    issuer: str
    counted_as: str
    most: int
    counted_until: datetime
    permission: Permission | None = None
    diagnosis: Diagnosis | None = None


class IssuedCode(NamedTuple):
    """What an issuer is given.

    Attributes:
        row: what is kept.
        codes: the codes, which are not.
    """

    row: CodeRow
    codes: dict[Length, str]


class CodeIssuing:
    """Issues codes.

    Args:
        settings: of the function.
        issuers: those with a key.
        upload_codes: verifies upload codes.
        store: keeps the codes.
        counts: how many were issued.
        code_key: keys the names of codes.
        tell: told the code of each end.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        settings: Settings,
        *,
        issuers: IssuerStore,
        upload_codes: CodeVerifier,
        store: CodeStore,
        counts: IssueCounts,
        code_key: DerivedKey,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._settings = settings
        self._issuers = issuers
        self._upload_codes = upload_codes
        self._store = store
        self._counts = counts
        self._code_key = code_key
        self._tell = tell

    def with_key(self, key: str, now: datetime) -> Caller:
        """The issuer who has a key.

        Raises:
            VerificationRefusedError: 401, for whatever is wrong with it.
            Unavailable: something did not answer.
        """
        name = name_in(key)
        issuer = None if name is None else self._issuers.get(name)
        if issuer is None or not hmac.compare_digest(key_hash(key), issuer.key_hash):
            raise _unauthorized()
        day = now.astimezone(UTC).date()
        return Caller(
            issuer=issuer.name,
            counted_as=count_of_day(issuer.name, day),
            most=issuer.daily_quota,
            counted_until=day_kept_until(day),
        )

    def with_upload_code(self, code: str, now: datetime) -> Caller:
        """Who has an upload code that was not used up.

        Raises:
            VerificationRefusedError: 401, for whatever is wrong with it.
            Unavailable: something did not answer.
        """
        try:
            upload_code = self._upload_codes.verify(code, now)
        except UploadCodeRefusedError:
            raise _unauthorized() from None
        if self._store.permission_is_used(upload_code.jti):
            raise _unauthorized()
        until = kept_until(upload_code)
        return Caller(
            issuer=PAGE,
            counted_as=f"permission:{upload_code.jti}",
            most=_CODES_OF_AN_UPLOAD_CODE,
            counted_until=until,
            permission=Permission(jti=upload_code.jti, kept_until=until),
            diagnosis=Diagnosis(upload_code.report),
        )

    def issue(self, request: IssueRequest, caller: Caller, now: datetime) -> IssuedCode:
        """A new code.

        Raises:
            VerificationRefusedError: it is not issued; nothing changed, and it does not count.
            Unavailable: something did not answer.
        """
        particulars = judged(request, caller.diagnosis, now)
        if not self._counts.take(caller.counted_as, caller.most, caller.counted_until):
            self._tell(LogCode.ISSUE_REFUSED, ErrorCode.QUOTA_EXCEEDED)
            raise VerificationRefusedError(
                HTTPStatus.TOO_MANY_REQUESTS,
                ErrorCode.QUOTA_EXCEEDED,
                "no more codes may be issued",
            )
        try:
            issued = self._issued(particulars, caller, now)
        except (VerificationRefusedError, Unavailable):
            self._counts.give_back(caller.counted_as)
            raise
        self._tell(LogCode.CODE_ISSUED, "")
        return issued

    def _issued(self, particulars: Particulars, caller: Caller, now: datetime) -> IssuedCode:
        row = self._row(particulars, caller, now.replace(microsecond=0))
        for _ in range(_ATTEMPTS):
            codes = {
                Length.SHORT: short_code(self._settings.short_code_digits),
                Length.LONG: long_code(),
            }
            names = {
                length: kept_as(self._code_key.bytes(), length, code)
                for length, code in codes.items()
            }
            match self._store.issue(row, names, now):
                case Issued.DONE:
                    return IssuedCode(row, codes)
                case Issued.UUID_TAKEN:
                    raise VerificationRefusedError(
                        HTTPStatus.CONFLICT,
                        ErrorCode.UUID_ALREADY_EXISTS,
                        "a code with this uuid already exists",
                    )
        raise Unavailable("codes-table:too-many-attempts")

    def _row(self, particulars: Particulars, caller: Caller, now: datetime) -> CodeRow:
        return CodeRow(
            row_id=secrets.token_urlsafe(_ROW_ID_BYTES),
            issuer=caller.issuer,
            uuid=particulars.uuid,
            diagnosis=particulars.diagnosis,
            symptom_date=particulars.symptom_date,
            test_date=particulars.test_date,
            ends={
                Length.SHORT: now + self._settings.short_code_life,
                Length.LONG: now + self._settings.long_code_life,
            },
            permission=caller.permission,
        )


def _unauthorized() -> VerificationRefusedError:
    return VerificationRefusedError(
        HTTPStatus.UNAUTHORIZED, ErrorCode.UNAUTHORIZED, "the key is not accepted"
    )
