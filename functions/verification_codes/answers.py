"""What is answered, in the field names of the Exposure Notification verification server.

Source: `pkg/api/api.go`. `longCode` and `link` are beside them: the reference gives the long code
in a text message only. Empty fields are absent, and whatever has one is padded.
"""

from datetime import date

from pydantic import Field

from verification_codes.refusal import ErrorCode
from vigie.model import Frozen
from vigie.tracing.verification_certificate import Diagnosis


class Padded(Frozen):
    """An answer whose length tells nothing of what it says; a decoy's says nothing else."""

    padding: str = Field("", description="Means nothing.")


class VerifyAnswer(Padded):
    """What an app gets for a code."""

    testtype: Diagnosis | None = None
    symptom_date: date | None = Field(None, alias="symptomDate")
    test_date: date | None = Field(None, alias="testDate")
    token: str | None = Field(None, description="For `/api/certificate`; it lives 24 hours.")


class CertificateAnswer(Padded):
    """What an app gets for a token."""

    certificate: str | None = Field(None, description="A JWT, for `verificationPayload`.")


class Ends(Frozen):
    """When the two codes of one issuing end."""

    short: int = Field(alias="expiresAtTimestamp", description="Unix seconds.")
    long: int = Field(alias="longExpiresAtTimestamp", description="Unix seconds.")


class IssuedAnswer(Ends):
    """A code that was issued."""

    uuid: str = Field(description="By which its issuer asks for it.")
    code: str = Field(description="Digits, to be read out.")
    short_text: str = Field(alias="expiresAt", description="RFC 1123.")
    long_code: str = Field(alias="longCode", description="For a link.")
    link: str = Field(description="Opens the app with the long code.")
    long_text: str = Field(alias="longExpiresAt", description="RFC 1123.")


class IssueAnswer(Padded, IssuedAnswer):
    """What an issuer gets."""


class Refusal(Frozen):
    """What is said of a request that is not taken."""

    error: str
    code: ErrorCode = Field(alias="errorCode")
    code_before: ErrorCode = Field(alias="error_code", description="The same, as it was called.")


class RefusalAnswer(Padded, Refusal):
    """The answer to a request that is not taken."""


class BatchIssueAnswer(Padded):
    """What an issuer gets for several codes, each in its place."""

    codes: tuple[IssuedAnswer | Refusal, ...] = ()


class PartialBatchAnswer(BatchIssueAnswer, Refusal):
    """The same where one was refused, which says the first refusal."""


class StatusAnswer(Ends):
    """What became of a code."""

    claimed: bool


class Key(Frozen):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class KeySetAnswer(Frozen):
    """The public keys of certificates."""

    keys: tuple[Key, ...]
