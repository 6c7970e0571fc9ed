"""The HTTP API: `POST /v1/visits/report`.

Decoys are answered before anything of them is read. Answers of one kind and the other leave
in the same slots, with bodies of the same lengths.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from vigie.attestation.attested_body import is_refused
from vigie.errors import Rejected, Unavailable
from vigie.http.padded_body import padded
from visit_reports.log_codes import LogCode
from visit_reports.refusal import ErrorCode, ReportRefusedError, bad_request
from visit_reports.request_body import read_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.http.answer_slots import AnswerSlots
    from visit_reports.reporting import VisitReporting

ROUTE = "POST /v1/visits/report"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "application/json",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        reporting: takes reports.
        slots: when answers leave.
        now: the time, aware.
        tell: told the code and the reason of each end.
    """

    def __init__(
        self,
        reporting: VisitReporting,
        slots: AnswerSlots,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._reporting = reporting
        self._slots = slots
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        if event.get("routeKey") != ROUTE:
            return _response(HTTPStatus.NOT_FOUND, "{}")
        return self._slots.answer(event, self._answered, self._decoy)

    def _decoy(self) -> dict[str, Any]:
        self._tell(LogCode.DECOY_ANSWERED, "")
        return _response(HTTPStatus.OK, padded({}))

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            self._check_attested(event)
            answer = self._reporting.report(read_report(event), self._now())
        except ReportRefusedError as refused:
            self._tell(LogCode.REPORT_REFUSED, refused.code)
            return _refusal(refused.status, refused.code, refused.text)
        except (Rejected, Unavailable) as failed:
            self._tell(LogCode.REPORT_FAILED, failed.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, the app gets its own answer
            # The text of an unforeseen error may hold what it stumbled over.
            self._tell(LogCode.REPORT_FAILED, type(error).__name__)
        else:
            return _response(HTTPStatus.OK, padded(answer.model_dump()))
        return _refusal(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            ErrorCode.INTERNAL_ERROR,
            "something went wrong, try again",
        )

    def _check_attested(self, event: dict[str, Any]) -> None:
        """Count a body that its device did not vouch for, and refuse it where that is enforced."""
        if is_refused(event, lambda: self._tell(LogCode.ATTESTED_BODY_DIFFERS, "")):
            raise bad_request("the request is not accepted", HTTPStatus.FORBIDDEN)


def _refusal(status: HTTPStatus, code: ErrorCode, text: str) -> dict[str, Any]:
    return _response(status, padded({"code": code, "error": text}))


def _response(status: HTTPStatus, body: str) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": _HEADERS,
        "body": body,
        "isBase64Encoded": False,
    }
