"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NO_ORDER = kind(
    "no-order",
    HTTPStatus.NOT_FOUND,
    "There is no such order",
    "No order has the token, it is over, or its result was fetched often enough.",
)
NOT_FOUND = kind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "There is nothing here",
    "See /virology-test/v2/openapi.json.",
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not as described",
    "Compare the body with /virology-test/v2/openapi.json.",
)
