"""What the app sends and is answered, under the names of the NHS COVID-19 app's contracts.

Source: `doc/architecture/api-contracts/mobile-facing/submission/` of that app, version 2 of
`virology-test-order-submission.md` and `virology-test-result-token-submission.md`.
"""

import json
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from vigie.model import Frozen
from vigie.orders.order_result import TestKit, TestOutcome

# Longer than whatever there is to say: a body is as long with an upload code as without.
DELIVERED_CHARACTERS = 1024
Country = Annotated[str, StringConstraints(max_length=64)]


class PollRequest(Frozen):
    """Asking for the result of an order."""

    token: UUID = Field(alias="testResultPollingToken")
    country: Country | None = Field(None, description="Taken and not used.")


class ExchangeRequest(Frozen):
    """Asking for the result of an order that another phone made."""

    token: Annotated[str, StringConstraints(max_length=32)] = Field(alias="ctaToken")
    country: Country | None = Field(None, description="Taken and not used.")


class OrderAnswer(Frozen):
    """An order."""

    website: str = Field(serialization_alias="websiteUrlWithQuery")
    token: str = Field(
        serialization_alias="tokenParameterValue",
        description="8 letters and digits, which the laboratory writes into its report.",
    )
    polling_token: str = Field(serialization_alias="testResultPollingToken")
    submission_token: str = Field(
        serialization_alias="diagnosisKeySubmissionToken",
        description="Random, and permits nothing: the result brings the permission.",
    )


class ResultAnswer(Frozen):
    """A result."""

    test_day: str = Field(serialization_alias="testEndDate")
    outcome: TestOutcome = Field(serialization_alias="testResult")
    kit: TestKit | None = Field(serialization_alias="testKit")
    upload_supported: bool = Field(serialization_alias="diagnosisKeySubmissionSupported")
    upload_code: str | None = Field(
        serialization_alias="diagnosisKeySubmissionToken",
        description="The upload code, for `verificationPayload` of `POST /v1/publish`.",
    )
    confirmation_required: bool = Field(
        default=False, serialization_alias="requiresConfirmatoryTest"
    )
    confirmation_days: int | None = Field(None, serialization_alias="confirmatoryDayLimit")
    follow_up_offered: bool = Field(default=False, serialization_alias="shouldOfferFollowUpTest")
    padding: str = ""


def delivered_body(answer: ResultAnswer) -> str:
    """The body of an answer with a result, of one length whatever the result is."""
    said = answer.model_dump(mode="json", by_alias=True)
    missing = DELIVERED_CHARACTERS - len(json.dumps(said))
    return json.dumps(said | {"padding": "0" * max(missing, 0)})
