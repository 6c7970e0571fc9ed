"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NO_UPLOAD_CODE = kind(
    "no-upload-code",
    HTTPStatus.CONFLICT,
    "There is no upload code for this result",
    "A code is given for a settled result that detected the disease, for 14 days.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send a token and a birth date, and nothing else.",
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not as described",
    "Compare the body with /v1/openapi.json.",
)
NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See /v1/openapi.json."
)
