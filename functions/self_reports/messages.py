"""What an app sends and is answered.

Source: `pkg/api/api.go` of the Exposure Notification verification server, `UserReportRequest` and
`UserReportResponse`. Whatever is absent is empty, and fields that are not known are ignored.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from self_reports.refusal import ErrorCode
from vigie.model import Frozen

_Short = Annotated[str, StringConstraints(max_length=64)]
_Padding = Annotated[str, StringConstraints(max_length=8_000)]


class ReportRequest(Frozen):
    """A person tested themselves, and asks for a code."""

    symptom_date: _Short = Field(
        "", alias="symptomDate", description="The day of the onset of symptoms, YYYY-MM-DD, or ''."
    )
    test_date: _Short = Field("", alias="testDate", description="The day of the test, YYYY-MM-DD.")
    test_type: _Short = Field("", alias="testType", description="'' or 'user-report'.")
    timezone_offset: Annotated[float, Field(ge=-1440, le=1440)] = Field(
        0, alias="tzOffset", description="Minutes east of UTC, by which the present day is judged."
    )
    phone: _Short = Field("", description="Of the person, in E.164 or as written in France.")
    nonce: Annotated[str, StringConstraints(max_length=512)] = Field(
        "", description="Base64 of 256 random bytes; the same ones when a request is repeated."
    )
    padding: _Padding = ""


class Padded(Frozen):
    """An answer whose length tells nothing of what it says; a decoy's says nothing else."""

    padding: str = Field("", description="Means nothing.")


class ReportAnswer(Padded):
    """The same whether a code was sent or not."""

    expires_at_text: str | None = Field(None, alias="expiresAt", description="RFC 1123.")
    expires_at: int | None = Field(None, alias="expiresAtTimestamp", description="Unix seconds.")


class RefusalAnswer(Padded):
    """What is said of a request that is not taken, with the code under both of its names."""

    error: str = Field(description="For the app's developer.")
    error_code: ErrorCode = Field(alias="errorCode")
    error_code_too: ErrorCode = Field(alias="error_code")
