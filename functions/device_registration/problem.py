"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See the page on tracing."
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not the registration of a key",
    "Send keyId, challenge and attestation.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send keyId, challenge and attestation, and nothing else.",
)
NOT_ATTESTED = kind(
    "not-attested",
    HTTPStatus.FORBIDDEN,
    "The key is not attested",
    "Ask for a challenge and attest a new key with it.",
)
