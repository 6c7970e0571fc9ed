"""The rules that a code to be issued keeps.

Source: `pkg/controller/issueapi/validate_code.go` and `parse_date.go` of the Exposure Notification
verification server.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from verification_codes.refusal import ErrorCode, refused
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from verification_codes.messages import IssueRequest

# ALLOWED_PAST_SYMPTOM_DAYS of the reference, 672 h.
OLDEST = timedelta(days=28)

# A self-report is not an issuer's to give.
_ISSUED = {one.value: one for one in Diagnosis if one is not Diagnosis.USER_REPORT}


class Particulars(NamedTuple):
    """What a code to be issued says.

    Attributes:
        diagnosis: what was tested.
        symptom_date: of the onset, if it is known.
        test_date: of the test, if it is known.
        uuid: by which the issuer asks for it, in small letters.
    """

    diagnosis: Diagnosis
    symptom_date: date | None
    test_date: date | None
    uuid: str


def judged(request: IssueRequest, diagnosis: Diagnosis | None, now: datetime) -> Particulars:
    """What a request asks for, if it keeps the rules.

    Args:
        request: of the issuer.
        diagnosis: what the code is for, whatever the request says; None to ask the request.
        now: the time, aware.

    Raises:
        VerificationRefusedError: `invalid_test_type`, `invalid_date`, or `unparsable_request`
            for a telephone number, a UUID that is none.
    """
    found = diagnosis or _ISSUED.get(request.test_type.lower())
    if found is None:
        raise refused(ErrorCode.INVALID_TEST_TYPE, "invalid test type")
    if request.phone:
        raise refused(
            ErrorCode.UNPARSABLE_REQUEST, "phone provided, but no sms provider is configured"
        )
    today = (now.astimezone(UTC) + timedelta(minutes=request.timezone_offset)).date()
    return Particulars(
        diagnosis=found,
        symptom_date=_date(request.symptom_date, "symptomDate", today),
        test_date=_date(request.test_date, "testDate", today),
        uuid=_uuid(request.uuid.strip()),
    )


def _date(text: str, name: str, today: date) -> date | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise refused(ErrorCode.INVALID_DATE, f"{name} is not a date YYYY-MM-DD") from None
    if not today - OLDEST <= day <= today:
        raise refused(ErrorCode.INVALID_DATE, f"{name} is not within the last {OLDEST.days} days")
    return day


def _uuid(text: str) -> str:
    if not text:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise refused(ErrorCode.UNPARSABLE_REQUEST, "uuid is not a UUID") from None
