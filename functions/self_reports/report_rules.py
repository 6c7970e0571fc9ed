"""The rules that a request keeps.

Source: `pkg/controller/userreport` and `issueapi/validate_code.go` of the Exposure Notification
verification server. The days are judged and not kept: an upload code has no place for them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from self_reports.refusal import ErrorCode, ReportRefusedError
from vigie.person.phone import e164
from vigie.tracing import base64_text
from vigie.tracing.upload_code import CodeReport

if TYPE_CHECKING:
    from datetime import date

    from self_reports.messages import ReportRequest

NONCE_BYTES = 256
# ALLOWED_PAST_SYMPTOM_DAYS of the reference, 672 h.
OLDEST = timedelta(days=28)


class Asked(NamedTuple):
    """A request that keeps the rules.

    Attributes:
        phone: E.164.
        nonce: 256 bytes, the same when the request is repeated.
    """

    phone: str
    nonce: bytes


def judged(request: ReportRequest, now: datetime) -> Asked:
    """What a request asks for, if it keeps the rules.

    Args:
        request: of an app.
        now: the time, aware.

    Raises:
        ReportRefusedError: it does not.
    """
    nonce = base64_text.decoded(request.nonce)
    if nonce is None or len(nonce) != NONCE_BYTES:
        raise ReportRefusedError(ErrorCode.MISSING_NONCE, "nonce is not base64 of 256 bytes")
    if request.test_type not in {"", CodeReport.USER_REPORT}:
        raise ReportRefusedError(ErrorCode.INVALID_TEST_TYPE, "testType is not user-report")
    if not request.test_date:
        raise ReportRefusedError(ErrorCode.MISSING_DATE, "testDate is missing")
    today = (now.astimezone(UTC) + timedelta(minutes=request.timezone_offset)).date()
    _judge_day(request.test_date, "testDate", today)
    if request.symptom_date:
        _judge_day(request.symptom_date, "symptomDate", today)
    phone = e164(request.phone)
    if phone is None:
        raise ReportRefusedError(ErrorCode.MISSING_PHONE, "phone is not a telephone number")
    return Asked(phone, nonce)


def _judge_day(text: str, name: str, today: date) -> None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ReportRefusedError(
            ErrorCode.INVALID_DATE, f"{name} is not a date YYYY-MM-DD"
        ) from None
    if not today - OLDEST <= day <= today:
        raise ReportRefusedError(
            ErrorCode.INVALID_DATE, f"{name} is not within the last {OLDEST.days} days"
        )
