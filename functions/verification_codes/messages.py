"""What the API takes.

Source: `pkg/api/api.go` of the Exposure Notification verification server. Whatever is absent is
empty, and fields that are not known are ignored.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from vigie.model import Frozen

MOST_IN_A_BATCH = 10

_Short = Annotated[str, StringConstraints(max_length=64)]
_Padding = Annotated[str, StringConstraints(max_length=48_000)]


class VerifyRequest(Frozen):
    """A code, to be exchanged for a token.

    Attributes:
        code: short or long.
        accept: types of tests that the app can go on with; empty for all that tests can have.
        nonce: part of what makes a request the same one again.
        padding: makes requests alike in size, and is part of what makes one the same again.
    """

    code: _Short = ""
    accept: Annotated[tuple[_Short, ...], Field(max_length=8)] = ()
    nonce: _Padding = ""
    padding: _Padding = ""


class CertificateRequest(Frozen):
    """A token, to be exchanged for a certificate.

    Attributes:
        token: as it was given.
        key_hmac: base64 of 32 bytes: the HMAC over the keys that will be published.
    """

    token: Annotated[str, StringConstraints(max_length=2048)] = ""
    key_hmac: Annotated[str, StringConstraints(max_length=256)] = Field("", alias="ekeyhmac")


class IssueRequest(Frozen):
    """A code to be issued.

    Attributes:
        test_type: `confirmed`, `likely` or `negative`, whatever its case.
        symptom_date: the day of the onset of symptoms, YYYY-MM-DD; empty if not known.
        test_date: the day of the test, YYYY-MM-DD; empty if not known.
        timezone_offset: of the caller, in minutes east of UTC, by which the present day is judged.
        phone: of the person, which is refused: no message goes out that only a positive result
            brings.
        uuid: by which the issuer asks for the status later; made where it is empty.
    """

    test_type: _Short = Field("", alias="testType")
    symptom_date: _Short = Field("", alias="symptomDate")
    test_date: _Short = Field("", alias="testDate")
    timezone_offset: Annotated[float, Field(ge=-1440, le=1440)] = Field(0, alias="tzOffset")
    phone: _Short = ""
    uuid: _Short = ""


class BatchIssueRequest(Frozen):
    """Several codes to be issued."""

    codes: Annotated[tuple[IssueRequest, ...], Field(max_length=MOST_IN_A_BATCH)] = ()


class StatusRequest(Frozen):
    """A code to be asked for, or to be ended.

    Attributes:
        uuid: of its issuing.
    """

    uuid: _Short = ""
