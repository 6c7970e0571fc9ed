"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

TOKEN_REFUSED = kind(
    "token-refused",
    HTTPStatus.UNAUTHORIZED,
    "The access token is missing or not valid",
    "Ask for a token with the client's id and secret (OAuth 2.0 client credentials).",
)
SCOPE_MISSING = kind(
    "scope-missing",
    HTTPStatus.FORBIDDEN,
    "The access token does not permit this",
    "Ask for a token with the scope of uploads.",
)
NOT_LET_IN = kind(
    "laboratory-not-let-in",
    HTTPStatus.FORBIDDEN,
    "The laboratory is not let in",
    "It is suspended or registered no more: ask the authority.",
)
UPLOAD_UNKNOWN = kind(
    "upload-unknown",
    HTTPStatus.NOT_FOUND,
    "There is no such upload",
    "The laboratory has no upload and no file of that id.",
)
KEY_REUSED = kind(
    "idempotency-key-reused",
    HTTPStatus.CONFLICT,
    "The idempotency key was used for another upload",
    "Use a new key for each upload, and the same one to ask for it again.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send the size and type of the file here, and the file itself to where the answer says.",
)
REQUEST_INVALID = kind(
    "request-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The request is not as described",
    "Compare it with /v1/lab/openapi.json.",
)
NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See /v1/lab/openapi.json."
)
