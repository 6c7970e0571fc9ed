"""The OpenAPI description of the API, at `/v1/certificates/openapi.json`."""

from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict
from pydantic.alias_generators import to_camel

from certificate_verification import problem
from certificate_verification.verification_request import VerificationRequest
from vigie.business_rules.judgement import Verdict
from vigie.dcc.verification import CheckName, State
from vigie.http.openapi import Answer, Operation, describe, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, FAILED, UNAVAILABLE
from vigie.model import Frozen

_TITLE = "Vigie: verification of certificates"
_DESCRIPTION = (
    "Verifies a certificate, and keeps nothing of it. The answer is 200 whether or not the "
    "certificate is good. Problems are described as RFC 9457 says, and never repeat what was sent."
)


class _Told(Frozen):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class ToldCheck(_Told):
    """How a check ended; a failed or open one names the rule and the reason.

    `form` and `content` are of a 2D-DOC.
    """

    name: CheckName | Literal["form", "content"]
    state: State
    rule: str = ""
    reason: str = ""


class ToldRule(_Told):
    """How a business rule ended; an open one says why."""

    identifier: str
    version: str
    verdict: Verdict
    description: str
    reason: str = ""


class ToldSigner(_Told):
    """Who signed."""

    kid: str
    subject: str
    not_before: AwareDatetime
    not_after: AwareDatetime


class ToldCertificate(_Told):
    """What was signed."""

    issuer: str | None
    issued_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    container: str
    content: Any


class ToldVerification(_Told):
    """What became of a certificate."""

    trusted: bool
    checks: tuple[ToldCheck, ...]
    rules: tuple[ToldRule, ...]
    signer: ToldSigner | None
    certificate: ToldCertificate | None


_OPERATIONS = (
    Operation(
        "post",
        "/v1/certificates/verify",
        "verifyCertificate",
        "Verify a certificate",
        {
            200: Answer("What became of each check.", ToldVerification),
            **problem_answers(
                BODY_UNREADABLE,
                problem.BODY_TOO_LARGE,
                BODY_NOT_JSON,
                problem.BODY_INVALID,
                FAILED,
                UNAVAILABLE,
            ),
        },
        body=VerificationRequest,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _DESCRIPTION, _OPERATIONS)
