"""Why a request is refused, in the words of the Exposure Notification publish API.

Source: `pkg/api/v1/exposure_types.go`, the error codes; the statuses are those of the
reference, but for `internal_error`, which it sends as 400 by mistake.
"""

from enum import StrEnum
from http import HTTPStatus


class ErrorCode(StrEnum):
    """What an app may act on."""

    BAD_REQUEST = "bad_request"
    INTERNAL_ERROR = "internal_error"
    UNKNOWN_HEALTH_AUTHORITY = "unknown_health_authority_id"
    AUTHORITY_NOT_LOADED = "unable_to_load_health_authority"
    MISSING_REGION = "health_authority_missing_region_config"
    PERMISSION_REFUSED = "health_authority_verification_certificate_invalid"
    PARTIAL_FAILURE = "partial_failure"
    MISSING_REVISION_TOKEN = "missing_revision_token"  # noqa: S105 - a code of the API
    INVALID_REVISION_TOKEN = "invalid_revision_token"  # noqa: S105 - a code of the API
    KEY_ALREADY_REVISED = "key_already_revised"
    INVALID_REPORT_TYPE_TRANSITION = "invalid_report_type_transition"


class PublishRefusedError(Exception):
    """A request that is not taken; nothing of it is stored and no code is used up.

    Attributes:
        status: of the answer.
        code: of the answer.
        text: what is wrong, for the app's developer; it repeats nothing that was sent.
        warnings: which keys were left out before that.
    """

    def __init__(
        self, status: HTTPStatus, code: ErrorCode, text: str, warnings: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.warnings = warnings


def bad_request(
    text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, *, warnings: tuple[str, ...] = ()
) -> PublishRefusedError:
    """The refusal of a request that is not as described."""
    return PublishRefusedError(status, ErrorCode.BAD_REQUEST, text, warnings)


def permission_refused() -> PublishRefusedError:
    """The one refusal of a code or certificate: forged, too old, and used look the same."""
    return PublishRefusedError(
        HTTPStatus.UNAUTHORIZED,
        ErrorCode.PERMISSION_REFUSED,
        "unable to validate diagnosis verification",
    )
