"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See the page on certificates."
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not a request for a document",
    "Send a token and a birth date, and the id of a result or a vaccination if you wish.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send a token, a birth date and the id of a record, and nothing else.",
)
NOT_ACCEPTABLE = kind(
    "not-acceptable",
    HTTPStatus.NOT_ACCEPTABLE,
    "There is no such form of the document",
    "Accept image/png, image/svg+xml or text/plain.",
)
NO_DOCUMENT = kind(
    "no-document",
    HTTPStatus.CONFLICT,
    "There is no 2D-DOC of this record",
    "It is not settled, no proof is given of it, it has words or a birth date that the code cannot"
    " hold, or no 2D-DOC is issued here.",
)
