"""The HTTP API: `POST /v1/analytics`, whose answer is the same whatever a report says."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from analytics_intake import problem
from analytics_intake.log_codes import LogCode
from analytics_intake.report import Report
from vigie.errors import Unavailable
from vigie.http.answer_slots import DECOY_HEADER
from vigie.http.problem import UNAVAILABLE, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from analytics_intake.report_store import ReportStore
    from vigie.http.door import Tell
    from vigie.http.problem import Problem


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        store: where reports are added up.
        now: the time, aware.
        tell: told the code and the reason of each end; never a word of a report.
    """

    def __init__(self, store: ReportStore, now: Callable[[], datetime], tell: Tell) -> None:
        self._store = store
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        return protected(self._answered(event))

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if DECOY_HEADER in event.get("headers", {}):
            self._tell(LogCode.DECOY_ANSWERED)
            return _taken()
        found = body_problem(event, problem.TOO_LARGE)
        if found is not None:
            return self._refused(found)
        try:
            report = Report.model_validate_json(_body(event))
            new = self._store.add(report, self._now())
        except ValidationError as error:
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            return self._refused(with_faults(problem.REPORT_INVALID, faults))
        except Unavailable as error:
            self._tell(LogCode.REPORT_FAILED, error.code)
            return refusal(UNAVAILABLE, RETRY_AFTER)
        self._tell(LogCode.REPORT_COUNTED if new else LogCode.REPORT_REPEATED)
        return _taken()

    def _refused(self, found: Problem) -> dict[str, Any]:
        self._tell(LogCode.REPORT_REFUSED, found.type)
        return refusal(found)


def _body(event: dict[str, Any]) -> bytes:
    body = str(event.get("body") or "")
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _taken() -> dict[str, Any]:
    return {
        "statusCode": HTTPStatus.NO_CONTENT,
        "headers": {},
        "body": "",
        "isBase64Encoded": False,
    }
