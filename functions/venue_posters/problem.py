"""What is said of a request for a poster that is not answered."""

from http import HTTPStatus

from vigie.http.problem import kind

NOT_FOUND = kind("not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "Look at the address.")
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send no more than 2,048 characters.",
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body breaks a rule",
    "Correct the places that are named.",
)
NO_KEY = kind(
    "no-venue-key",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "There are no posters yet",
    "The service has no key for them; its operators install it.",
)
