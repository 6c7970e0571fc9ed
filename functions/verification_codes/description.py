"""The routes, as the OpenAPI description of tracing tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verification_codes.answers import (
    BatchIssueAnswer,
    CertificateAnswer,
    Ends,
    IssueAnswer,
    KeySetAnswer,
    PartialBatchAnswer,
    RefusalAnswer,
    StatusAnswer,
    VerifyAnswer,
)
from verification_codes.messages import (
    BatchIssueRequest,
    CertificateRequest,
    IssueRequest,
    StatusRequest,
    VerifyRequest,
)
from vigie.http.openapi import Answer, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_APP = {
    "X-API-Key": "Taken, and not looked at.",
    "X-Chaff": "Any value makes the request a decoy, which is answered without being read.",
}
_ISSUER = {"X-API-Key": "The issuer's key."}
_PERSON = {"Authorization": "`Bearer` and an upload code, instead of a key."}
_REFUSALS = {
    400: "The request, or what it names, breaks a rule: see `errorCode`.",
    401: "The key, or the upload code, is not accepted.",
    404: "No code of this issuer has this UUID.",
    409: "A code with this UUID was issued before.",
    412: "The app does not take this type of test.",
    429: "Too many: wait as `Retry-After` says, or until tomorrow.",
    500: "Something went wrong: send the same again.",
}


def _answers(told: str, body: Any, *refusals: int) -> Mapping[int, Answer]:  # noqa: ANN401 - a type
    return {
        200: Answer(told, body),
        **{status: Answer(_REFUSALS[status], RefusalAnswer) for status in (*refusals, 500)},
    }


OPERATIONS = (
    Operation(
        method="post",
        path="/api/verify",
        name="verifyCode",
        summary="Exchange a verification code for a token",
        headers=_APP,
        body=VerifyRequest,
        answers=_answers("The token.", VerifyAnswer, 400, 412, 429),
    ),
    Operation(
        method="post",
        path="/api/certificate",
        name="certifyKeys",
        summary="Exchange a token for a verification certificate",
        headers=_APP,
        body=CertificateRequest,
        answers=_answers("The certificate.", CertificateAnswer, 400),
    ),
    Operation(
        method="post",
        path="/api/issue",
        name="issueCode",
        summary="Issue a verification code",
        headers={**_ISSUER, **_PERSON},
        body=IssueRequest,
        answers=_answers("The code.", IssueAnswer, 400, 401, 409, 429),
    ),
    Operation(
        method="post",
        path="/api/batch-issue",
        name="issueCodes",
        summary="Issue up to ten verification codes",
        headers=_ISSUER,
        body=BatchIssueRequest,
        answers={
            200: Answer("The codes.", BatchIssueAnswer),
            400: Answer(
                "The request, or one of the codes, breaks a rule.",
                RefusalAnswer | PartialBatchAnswer,
            ),
            401: Answer(_REFUSALS[401], RefusalAnswer),
            409: Answer("One of the UUIDs was used before.", PartialBatchAnswer),
            429: Answer("Not all of the codes may be issued today.", PartialBatchAnswer),
            500: Answer(_REFUSALS[500], RefusalAnswer),
        },
    ),
    Operation(
        method="post",
        path="/api/checkcodestatus",
        name="checkCode",
        summary="Say what became of a verification code",
        headers=_ISSUER,
        body=StatusRequest,
        answers=_answers("What became of it.", StatusAnswer, 400, 401, 404),
    ),
    Operation(
        method="post",
        path="/api/expirecode",
        name="expireCode",
        summary="Let a verification code end that nobody used",
        headers=_ISSUER,
        body=StatusRequest,
        answers=_answers("When it ended.", Ends, 400, 401, 404),
    ),
    Operation(
        method="get",
        path="/.well-known/jwks.json",
        name="verificationKeys",
        summary="Give the public keys that certificates verify with",
        answers=_answers("The keys.", KeySetAnswer),
    ),
)
