"""Why a report is refused."""

from enum import StrEnum
from http import HTTPStatus


class ErrorCode(StrEnum):
    """What an app may act on."""

    BAD_REQUEST = "bad_request"
    PERMISSION_REFUSED = "permission_refused"
    INTERNAL_ERROR = "internal_error"


class ReportRefusedError(Exception):
    """A report that is not taken; nothing of it is counted and no code is used up.

    Attributes:
        status: of the answer.
        code: of the answer.
        text: what is wrong, for the app's developer; it repeats nothing that was sent.
    """

    def __init__(self, status: HTTPStatus, code: ErrorCode, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


def bad_request(text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> ReportRefusedError:
    """The refusal of a request that is not as described."""
    return ReportRefusedError(status, ErrorCode.BAD_REQUEST, text)


def permission_refused() -> ReportRefusedError:
    """The one refusal of an upload code: forged, too old, and used look the same."""
    return ReportRefusedError(
        HTTPStatus.UNAUTHORIZED, ErrorCode.PERMISSION_REFUSED, "the upload code is not accepted"
    )
