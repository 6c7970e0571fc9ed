"""What an app sends to report where its person was, and what it is answered.

Source: the API of Cléa's server, `POST /wreport`; the permission stands in the body, so that a
request does not differ from a decoy by its headers.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from vigie.model import Frozen
from vigie.venues.visit_to_count import MOST_VISITS

Seconds = Annotated[int, Field(ge=0, lt=2**40)]


class _Sent(Frozen):
    model_config = ConfigDict(strict=True)


class SentVisit(_Sent):
    """A visit as it is sent; whether it can be counted is for the rules to say.

    Attributes:
        qr_code: what stood behind the `#` of the code, base64url.
        scanned_at: NTP seconds.
    """

    qr_code: Annotated[str, Field(alias="qrCode", max_length=300)]
    scanned_at: Annotated[Seconds, Field(alias="qrCodeScanTime")]


class ReportRequest(_Sent):
    """A report.

    Attributes:
        verification_payload: the upload code.
        pivot_date: NTP seconds, from when the person may have infected others.
        visits: of the last days.
        padding: makes requests alike in size, and says nothing.
    """

    verification_payload: Annotated[str, Field(alias="verificationPayload", max_length=2048)]
    pivot_date: Annotated[Seconds, Field(alias="pivotDate")]
    # JSON knows no tuples: this one is made of its array.
    visits: Annotated[tuple[SentVisit, ...], Field(max_length=MOST_VISITS, strict=False)]
    padding: str = ""


class ReportAnswer(Frozen):
    """What became of a report; a decoy's answer has its padding alone.

    Attributes:
        success: that it was taken.
        message: the same for a person, as Cléa's server says it.
        accepted: how many visits will be counted; absent for none.
        padding: makes answers alike in size, and says nothing.
    """

    success: bool = False
    message: str = ""
    accepted: int = 0
    padding: str = ""


class ReportRefusal(Frozen):
    """Why a report is not taken.

    Attributes:
        code: `bad_request`, `permission_refused` or `internal_error`.
        error: the same for the app's developer; it repeats nothing that was sent.
        padding: makes answers alike in size, and says nothing.
    """

    code: str
    error: str
    padding: str = ""
