"""Why a request is refused, in the words of the Exposure Notification verification server.

Source: `pkg/api/api.go`, the error codes, and `docs/api.md`, their statuses. A used token is
`token_invalid` as documented; the reference itself sends `token_expired`.
"""

from enum import StrEnum
from http import HTTPStatus


class ErrorCode(StrEnum):
    """What an app or an issuer may act on."""

    UNPARSABLE_REQUEST = "unparsable_request"
    INTERNAL_ERROR = "internal_server_error"
    UNAUTHORIZED = "unauthorized"
    CODE_INVALID = "code_invalid"
    CODE_EXPIRED = "code_expired"
    CODE_NOT_FOUND = "code_not_found"
    UNSUPPORTED_TEST_TYPE = "unsupported_test_type"
    INVALID_TEST_TYPE = "invalid_test_type"
    INVALID_DATE = "invalid_date"
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a code of the API
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a code of the API
    HMAC_INVALID = "hmac_invalid"
    UUID_ALREADY_EXISTS = "uuid_already_exists"
    QUOTA_EXCEEDED = "quota_exceeded"
    TOO_MANY_TRIES = "too_many_tries"


class VerificationRefusedError(Exception):
    """A request that is not taken; it changed nothing.

    Attributes:
        status: of the answer.
        code: of the answer.
        text: what is wrong, for the caller's developer; it repeats nothing that was sent.
        retry_after: seconds after which the same request may be taken; None if never.
    """

    def __init__(
        self, status: HTTPStatus, code: ErrorCode, text: str, *, retry_after: int | None = None
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.retry_after = retry_after


def refused(code: ErrorCode, text: str) -> VerificationRefusedError:
    """The refusal of a request that breaks a rule, with status 400."""
    return VerificationRefusedError(HTTPStatus.BAD_REQUEST, code, text)
