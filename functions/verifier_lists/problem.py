"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See the page for verifiers."
)
UNPUBLISHED = kind(
    "list-unpublished",
    HTTPStatus.NOT_FOUND,
    "The list was never published",
    "Ask the authority when it will be.",
)
TOKEN_MALFORMED = kind(
    "resume-token-malformed",
    HTTPStatus.BAD_REQUEST,
    "X-RESUME-TOKEN is not a number",
    "Send it as it came with the last certificate, or leave it out to begin.",
)
TIME_MALFORMED = kind(
    "time-malformed",
    HTTPStatus.BAD_REQUEST,
    "If-Modified-Since is not a time",
    "Send an HTTP date (RFC 9110), or ISO 8601 with a time zone.",
)
KIDS_MALFORMED = kind(
    "kids-malformed",
    HTTPStatus.BAD_REQUEST,
    "The body is not a list of kids",
    "Send a JSON array of key identifiers in base64.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Ask in several requests.",
)
