"""The OpenAPI description of the API, at `/v1/results/certificate/openapi.json`."""

from pydantic import Field

from certificate_documents import problem
from certificate_documents.certificate_request import CertificateRequest
from certificate_documents.wallet_pass import APPLE, GOOGLE
from vigie.access.problem import LINK_NOT_OPENED
from vigie.http.openapi import Answer, Operation, describe, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, FAILED, UNAVAILABLE
from vigie.model import Frozen

_TITLE = "Vigie: certificates behind a link"
_DESCRIPTION = (
    "Gives one certificate behind a link in the form that `Accept` asks for: a page to print, its "
    "QR code, or a pass for a wallet where the environment gives passes. Wrong birth dates count "
    "together with those of opening the link. Problems are described as RFC 9457 says, and never "
    "repeat what was sent."
)


class GivenPass(Frozen):
    """The pass for Google's wallet."""

    save_url: str = Field(description="To open on the phone: it adds the pass to the wallet.")


_OPERATIONS = (
    Operation(
        "post",
        "/v1/results/certificate",
        "getCertificate",
        "Get a certificate",
        {
            200: Answer(
                "The certificate, as a file.",
                GivenPass,
                (GOOGLE,),
                drawn=("application/pdf", "image/png", "image/svg+xml", APPLE),
            ),
            **problem_answers(
                BODY_UNREADABLE,
                LINK_NOT_OPENED,
                problem.CONSENT_MISSING,
                problem.NO_CERTIFICATE,
                problem.not_acceptable(()),
                problem.WALLET_NOT_CONFIGURED,
                problem.WALLET_TOO_SMALL,
                problem.REVOKED,
                problem.EXPIRED,
                problem.BODY_TOO_LARGE,
                BODY_NOT_JSON,
                problem.BODY_INVALID,
                FAILED,
                UNAVAILABLE,
            ),
        },
        headers={"Accept-Language": "Of the pass for Google's wallet, in French or in English."},
        body=CertificateRequest,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _DESCRIPTION, _OPERATIONS)
