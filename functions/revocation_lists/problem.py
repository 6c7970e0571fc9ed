"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send the names of the chunks or slices that are wanted, in JSON.",
)
REQUEST_INVALID = kind(
    "request-invalid",
    HTTPStatus.BAD_REQUEST,
    "The request is not one that this takes",
    "A time is an HTTP date or of ISO 8601, a batch's id a UUID, a body a list of names in JSON.",
)
PACKED_ONLY = kind(
    "packed-only",
    HTTPStatus.NOT_ACCEPTABLE,
    "The answer is too large unless it is packed",
    "Send Accept-Encoding: gzip, or ask for one partition: /lists/{kid}/partitions/{id}.",
)
NOT_FOUND = kind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "There is nothing here",
    "Begin at /lists or /revocation-list.",
)
