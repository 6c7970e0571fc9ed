"""The HTTP API: its routes, their description, and what is answered when something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body

from result_access import problem
from result_access.alerting import NoUploadCodeError
from result_access.answer import GivenUploadCode, OpenedLink, UploadCodeRequest
from result_access.description import describe, problem_answers
from result_access.log_codes import LogCode
from vigie.access.open_request import OpenRequest  # noqa: TC001 - read from the annotations
from vigie.access.problem import LINK_NOT_OPENED
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, answer, with_faults
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from result_access.alerting import ContactAlerting
    from result_access.opening import LinkOpening

_JSON = "application/json"


class _LinkNotOpenedError(Exception):
    """Why is not told, not even here."""


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        opening: opens links.
        alerting: gives upload codes.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        opening: LinkOpening,
        alerting: ContactAlerting,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._opening = opening
        self._alerting = alerting
        self._now = now
        self._tell = tell
        self._routes = APIGatewayHttpResolver(enable_validation=True, debug=False)
        self._add_routes()
        self._add_problems()

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached, whatever it is."""
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is not None:
            self._tell(LogCode.REQUEST_REFUSED, against.type)
            return protected(refusal(against))
        return protected(self._routes.resolve(event, None))  # type: ignore[arg-type]  # the context is unused

    def _add_routes(self) -> None:
        @self._routes.post(
            "/v1/results/open",
            summary="Open a link",
            description="Gives what is behind the link of a message, in French or in English.",
            response_description="Results, certificates, and what to do next.",
            responses=problem_answers(OpenedLink),
            operation_id="openLink",
        )
        def open_link(request: Annotated[OpenRequest, Body()]) -> Response[OpenedLink]:
            headers = self._routes.current_event.headers
            opened = self._opening.open(request, headers.get("accept-language"), self._now())
            if opened is None:
                # An answer of the route is validated as its own, so a problem is raised.
                raise _LinkNotOpenedError
            return Response(
                status_code=HTTPStatus.OK,
                content_type=_JSON,
                body=opened,
                headers={"Content-Language": opened.language.value},
            )

        @self._routes.post(
            "/v1/results/upload-code",
            summary="Get an upload code",
            description="Gives the permission to alert one's contacts with a positive result.",
            response_description="The code, as text, as a link and as a QR code.",
            responses=problem_answers(GivenUploadCode, problem.NO_UPLOAD_CODE),
            operation_id="getUploadCode",
        )
        def upload_code(request: Annotated[UploadCodeRequest, Body()]) -> GivenUploadCode:
            given = self._alerting.upload_code(request, self._now())
            if given is None:
                raise _LinkNotOpenedError
            return given

        @self._routes.get("/v1/openapi.json", include_in_schema=False)
        def openapi() -> Response[str]:
            return Response(
                status_code=HTTPStatus.OK, content_type=_JSON, body=describe(self._routes)
            )

    def _add_problems(self) -> None:
        self._routes.not_found(lambda _: answer(problem.NOT_FOUND))
        for kind, answered in (
            (_LinkNotOpenedError, _not_opened),
            (NoUploadCodeError, _no_upload_code),
            (RequestValidationError, self._invalid),
            (Unavailable, self._unavailable),
            (Rejected, self._rejected),
            (Exception, self._failed),
        ):
            self._routes.exception_handler(kind)(answered)

    def _invalid(self, error: RequestValidationError) -> Response[Any]:
        self._tell(LogCode.REQUEST_REFUSED, problem.BODY_INVALID.type)
        return answer(with_faults(problem.BODY_INVALID, error.errors()))

    def _unavailable(self, error: Unavailable) -> Response[Any]:
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(UNAVAILABLE, RETRY_AFTER)

    def _rejected(self, error: Rejected) -> Response[Any]:
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(FAILED)

    def _failed(self, error: Exception) -> Response[Any]:
        # The text of an unforeseen error may hold what it stumbled over.
        self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return answer(FAILED)


def _no_upload_code(_error: NoUploadCodeError) -> Response[Any]:
    return answer(problem.NO_UPLOAD_CODE)


def _not_opened(_error: _LinkNotOpenedError) -> Response[Any]:
    return answer(LINK_NOT_OPENED)
