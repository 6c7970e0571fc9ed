"""The HTTP API: its routes, and what is answered when something is wrong.

Every answer of `POST /api/user-report` has a length that tells nothing, and leaves in a slot as
those do that sent a message.
"""

from __future__ import annotations

from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from self_reports.description import DESCRIPTION, USER_REPORT, description
from self_reports.log_codes import LogCode
from self_reports.messages import ReportRequest
from self_reports.refusal import ErrorCode, ReportRefusedError
from self_reports.report_rules import judged
from vigie.access.language import preferred_language
from vigie.errors import Rejected, Unavailable
from vigie.http.answer_slots import DECOY_HEADER
from vigie.http.padded_body import padded
from vigie.http.response import described, protected
from vigie.http.verification_body import UnparsableError, read_body
from vigie.tracing.upload_code import LIFETIME

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from self_reports.reporting import Reporting
    from vigie.http.answer_slots import AnswerSlots
    from vigie.http.door import Tell

_MOST_CHARACTERS = 16_000


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        reporting: sends codes.
        slots: when answers leave.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        reporting: Reporting,
        slots: AnswerSlots,
        now: Callable[[], datetime],
        tell: Tell,
    ) -> None:
        self._reporting = reporting
        self._slots = slots
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached, whatever it is."""
        route = event.get("routeKey")
        if route == f"GET {DESCRIPTION}":
            return protected(described(description()))
        if route != f"POST {USER_REPORT}":
            return protected(_response(HTTPStatus.NOT_FOUND, {}))
        began = self._slots.began()
        answer, asked = self._answered(event)
        if asked:
            self._slots.wait(began)
        else:
            self._slots.wait_as_decoy(began)
        return protected(answer)

    def _answered(self, event: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """The response, and whether the provider of messages was asked for it."""
        if DECOY_HEADER in event.get("headers", {}):
            self._tell(LogCode.DECOY_ANSWERED)
            return _response(HTTPStatus.OK, {}), False
        try:
            return self._reported(event)
        except ReportRefusedError as refused:
            self._tell(LogCode.REQUEST_REFUSED, refused.code)
            return _refusal(refused), False
        except (Rejected, Unavailable) as failed:
            self._tell(LogCode.REQUEST_FAILED, failed.code)
        except Exception as error:  # noqa: BLE001 - its text may hold what it stumbled over
            self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        failure = ReportRefusedError(
            ErrorCode.INTERNAL_ERROR,
            "something went wrong, try again",
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )
        return _refusal(failure), False

    def _reported(self, event: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        now = self._now()
        asked = judged(_request(event), now)
        language = preferred_language(event.get("headers", {}).get("accept-language"), None)
        was_asked = self._reporting.report(asked, language, now)
        end = now.replace(microsecond=0) + LIFETIME
        fields = {
            "expiresAt": format_datetime(end, usegmt=True),
            "expiresAtTimestamp": int(end.timestamp()),
        }
        return _response(HTTPStatus.OK, fields), was_asked


def _request(event: dict[str, Any]) -> ReportRequest:
    try:
        return read_body(ReportRequest, event, _MOST_CHARACTERS)
    except UnparsableError as unparsable:
        raise ReportRefusedError(ErrorCode.UNPARSABLE_REQUEST, unparsable.text) from None


def _refusal(refused: ReportRefusedError) -> dict[str, Any]:
    return _response(
        refused.status,
        {"error": refused.text, "errorCode": refused.code, "error_code": refused.code},
    )


def _response(status: HTTPStatus, fields: dict[str, object]) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": "application/json"},
        "body": padded(fields),
        "isBase64Encoded": False,
        "cookies": [],
    }
