"""What is answered, in the field names of the Exposure Notification verification server.

Source: `pkg/api/api.go`. `longCode` and `link` are beside them: the reference gives the long code
in a text message only.
"""

from __future__ import annotations

import json
from email.utils import format_datetime
from typing import TYPE_CHECKING

from verification_codes.code_values import Length
from vigie.http.padded_body import padded

if TYPE_CHECKING:
    from datetime import date

    from verification_codes.code_row import CodeRow
    from verification_codes.issuing import IssuedCode
    from verification_codes.refusal import VerificationRefusedError


def verified_body(row: CodeRow, token: str) -> str:
    """The answer to a code."""
    return padded(
        {
            "testtype": row.diagnosis.value,
            "symptomDate": _day(row.symptom_date),
            "testDate": _day(row.test_date),
            "token": token,
        }
    )


def certificate_body(certificate: str) -> str:
    """The answer to a token."""
    return padded({"certificate": certificate})


def issued_fields(issued: IssuedCode, code_link: str) -> dict[str, object]:
    """What an issuer is told of a code.

    Args:
        issued: the code.
        code_link: what a long code is put behind.
    """
    short, long = (issued.row.ends[length] for length in (Length.SHORT, Length.LONG))
    return {
        "uuid": issued.row.uuid,
        "code": issued.codes[Length.SHORT],
        "expiresAt": format_datetime(short, usegmt=True),
        "expiresAtTimestamp": int(short.timestamp()),
        "longCode": issued.codes[Length.LONG],
        "link": f"{code_link}{issued.codes[Length.LONG]}",
        "longExpiresAt": format_datetime(long, usegmt=True),
        "longExpiresAtTimestamp": int(long.timestamp()),
    }


def status_body(row: CodeRow) -> str:
    """The answer to an issuer who asks what became of a code."""
    return json.dumps({"claimed": row.claim is not None, **_ends(row)})


def ended_body(row: CodeRow) -> str:
    """The answer to an issuer who lets a code end."""
    return json.dumps(_ends(row))


def refused_fields(refused: VerificationRefusedError) -> dict[str, object]:
    """What is said of a request that is not taken, with the code under both of its names."""
    return {"error": refused.text, "errorCode": refused.code, "error_code": refused.code}


def _ends(row: CodeRow) -> dict[str, int]:
    return {
        "expiresAtTimestamp": int(row.ends[Length.SHORT].timestamp()),
        "longExpiresAtTimestamp": int(row.ends[Length.LONG].timestamp()),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
