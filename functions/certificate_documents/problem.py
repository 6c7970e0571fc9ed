"""What may be wrong with a request."""

from collections.abc import Iterable
from http import HTTPStatus

from vigie.http.problem import Problem, kind

NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See the page of certificates."
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send a token, a birth date and the names of a certificate, and nothing else.",
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not as described",
    "Send a token, a birth date, a source_id and the name of a certificate.",
)
NO_CERTIFICATE = kind(
    "no-certificate",
    HTTPStatus.NOT_FOUND,
    "There is no such certificate behind the link",
    "Open the link: it names each certificate that there is.",
)
REVOKED = kind(
    "certificate-revoked",
    HTTPStatus.GONE,
    "The certificate is revoked",
    "Open the link: what holds instead is there, if anything does.",
)
EXPIRED = kind(
    "certificate-expired",
    HTTPStatus.GONE,
    "The certificate has expired",
    "Open the link: what holds instead is there, if anything does.",
)
WALLET_NOT_CONFIGURED = kind(
    "wallet-not-configured",
    HTTPStatus.NOT_ACCEPTABLE,
    "No passes are given for this wallet",
    "The service is not set up for it: accept another form.",
)
WALLET_TOO_SMALL = kind(
    "wallet-too-small",
    HTTPStatus.NOT_ACCEPTABLE,
    "The certificate does not fit into this wallet",
    "It is longer than Google's link may be: accept another form.",
)
CONSENT_MISSING = kind(
    "consent-missing",
    HTTPStatus.FORBIDDEN,
    "The person has not agreed",
    "Google learns what the certificate says: ask the person, and send share_with_google: true.",
)


def not_acceptable(media_types: Iterable[str]) -> Problem:
    """The problem of a request that accepts none of what there is."""
    return kind(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        "The certificate is not drawn in that form",
        f"Accept one of: {', '.join(media_types)}.",
    )
