"""The HTTP API: `POST /v1/results/2d-doc` gives the 2D-DOC behind a link."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from twoddoc_issuing import problem
from twoddoc_issuing.document_request import DocumentRequest
from twoddoc_issuing.issuing import NoDocumentError
from twoddoc_issuing.log_codes import LogCode
from twoddoc_issuing.representation import accepted_form, represent
from vigie.access.problem import LINK_NOT_OPENED
from vigie.certificates.source import source_id
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from twoddoc_issuing.issuing import CodeIssuing
    from vigie.access.link_check import LinkCheck
    from vigie.http.problem import Problem

ROUTE = "POST /v1/results/2d-doc"


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        links: whether a link opens.
        issuing: gives documents.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        links: LinkCheck,
        issuing: CodeIssuing,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._links = links
        self._issuing = issuing
        self._now = now
        self._tell = tell

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached."""
        try:
            answered = self._answered(event)
        except ValidationError as error:
            faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            answered = self._refused(with_faults(problem.BODY_INVALID, faults))
        except NoDocumentError as error:
            self._tell(LogCode.DOCUMENT_REFUSED, error.code)
            answered = refusal(problem.NO_DOCUMENT)
        except Unavailable as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            answered = refusal(UNAVAILABLE, RETRY_AFTER)
        except Rejected as error:
            self._tell(LogCode.REQUEST_FAILED, error.code)
            answered = refusal(FAILED)
        return protected(answered)

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("routeKey") != ROUTE:
            return self._refused(problem.NOT_FOUND)
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is not None:
            return self._refused(against)
        form = accepted_form(event["headers"].get("accept"))
        if form is None:
            return self._refused(problem.NOT_ACCEPTABLE)
        return self._given(_request(event), form)

    def _given(self, request: DocumentRequest, form: str) -> dict[str, Any]:
        now = self._now()
        held = self._links.held(request, now)
        if held is None:
            # Which of the two was wrong is told to nobody.
            return refusal(LINK_NOT_OPENED)
        source = self._links.source_behind(held, request.source_id or source_id(held.source))
        if source is None:
            raise NoDocumentError("source-not-behind-link")
        content_type, body, is_base64 = represent(self._issuing.document(source, now), form)
        return {
            "statusCode": HTTPStatus.OK,
            "headers": {"Content-Type": content_type},
            "body": body,
            "isBase64Encoded": is_base64,
            "cookies": [],
        }

    def _refused(self, against: Problem) -> dict[str, Any]:
        self._tell(LogCode.REQUEST_REFUSED, against.type)
        return refusal(against)


def _request(event: dict[str, Any]) -> DocumentRequest:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return DocumentRequest.model_validate_json(content)
