"""How answers are written."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from verification_codes.answers import (
    CertificateAnswer,
    Ends,
    IssuedAnswer,
    Refusal,
    StatusAnswer,
    VerifyAnswer,
)
from verification_codes.code_values import Length
from vigie.http.padded_body import padded

if TYPE_CHECKING:
    from verification_codes.code_row import CodeRow
    from verification_codes.issuing import IssuedCode
    from verification_codes.refusal import VerificationRefusedError
    from vigie.model import Frozen


def verified_body(row: CodeRow, token: str) -> str:
    """The answer to a code."""
    answer = VerifyAnswer(
        testtype=row.diagnosis,
        symptomDate=row.symptom_date,
        testDate=row.test_date,
        token=token,
    )
    return padded(_fields(answer))


def certificate_body(certificate: str) -> str:
    """The answer to a token."""
    return padded(_fields(CertificateAnswer(certificate=certificate)))


def issued_fields(issued: IssuedCode, code_link: str) -> dict[str, object]:
    """What an issuer is told of a code.

    Args:
        issued: the code.
        code_link: what a long code is put behind.
    """
    short, long = (issued.row.ends[length] for length in (Length.SHORT, Length.LONG))
    return _fields(
        IssuedAnswer(
            uuid=issued.row.uuid,
            code=issued.codes[Length.SHORT],
            expiresAt=format_datetime(short, usegmt=True),
            expiresAtTimestamp=int(short.timestamp()),
            longCode=issued.codes[Length.LONG],
            link=f"{code_link}{issued.codes[Length.LONG]}",
            longExpiresAt=format_datetime(long, usegmt=True),
            longExpiresAtTimestamp=int(long.timestamp()),
        )
    )


def status_body(row: CodeRow) -> str:
    """The answer to an issuer who asks what became of a code."""
    answer = StatusAnswer(claimed=row.claim is not None, **_ends(row))
    return answer.model_dump_json(by_alias=True)


def ended_body(row: CodeRow) -> str:
    """The answer to an issuer who lets a code end."""
    return Ends(**_ends(row)).model_dump_json(by_alias=True)


def refused_fields(refused: VerificationRefusedError) -> dict[str, object]:
    """What is said of a request that is not taken, with the code under both of its names."""
    return _fields(Refusal(error=refused.text, errorCode=refused.code, error_code=refused.code))


def _fields(answer: Frozen) -> dict[str, object]:
    return answer.model_dump(mode="json", by_alias=True, exclude_none=True)


def _ends(row: CodeRow) -> dict[str, Any]:
    return {
        "expiresAtTimestamp": int(row.ends[Length.SHORT].timestamp()),
        "longExpiresAtTimestamp": int(row.ends[Length.LONG].timestamp()),
    }
