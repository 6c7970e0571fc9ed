"""What is asked: a certificate, and where and when it is shown."""

from typing import Annotated, Any

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from vigie.dcc.hcert import MAX_TEXT_CHARACTERS
from vigie.model import Frozen

MAX_RULES = 10


class VerificationRequest(Frozen):
    """A request to verify.

    Attributes:
        certificate: the text of the QR code, beginning with `HC1:`, or of a 2D-DOC.
        country: whose business rules are to be kept, ISO 3166-1 alpha-2; none if left out.
        region: of the country.
        at: when it is shown; now if left out.
        language: of the rules' descriptions, ISO 639-1.
        rules: in the place of the published ones.
    """

    model_config = ConfigDict(extra="forbid")

    certificate: Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARACTERS)]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    region: Annotated[str, StringConstraints(max_length=40)] = ""
    at: AwareDatetime | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    rules: Annotated[tuple[dict[str, Any], ...], Field(max_length=MAX_RULES)] | None = None
