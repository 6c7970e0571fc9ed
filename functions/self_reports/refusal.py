"""Why a request is refused, in the words of the Exposure Notification verification server.

Source: `pkg/api/api.go`, the error codes. None of them depends on whose number was given.
"""

from enum import StrEnum
from http import HTTPStatus


class ErrorCode(StrEnum):
    """What an app may act on."""

    UNPARSABLE_REQUEST = "unparsable_request"
    INTERNAL_ERROR = "internal_server_error"
    MISSING_PHONE = "missing_phone"
    MISSING_NONCE = "missing_nonce"
    MISSING_DATE = "missing_date"
    INVALID_DATE = "invalid_date"
    INVALID_TEST_TYPE = "invalid_test_type"
    TRY_LATER = "user_report_try_later"


class ReportRefusedError(Exception):
    """A request that is not taken.

    Attributes:
        status: of the answer.
        code: of the answer.
        text: what is wrong, for the app's developer; it repeats nothing that was sent.
    """

    def __init__(
        self, code: ErrorCode, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
