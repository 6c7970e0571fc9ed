"""The HTTP API: its routes, their description, and what is answered when something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query

from laboratory_uploads import problem
from laboratory_uploads.answer import (
    Before,
    IdempotencyKey,
    OpenedUpload,
    UploadId,
    UploadPage,
    UploadRequest,
    UploadView,
)
from laboratory_uploads.description import answers, describe
from laboratory_uploads.log_codes import LogCode
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import (
    BODY_NOT_JSON,
    BODY_UNREADABLE,
    FAILED,
    UNAVAILABLE,
    answer,
    with_faults,
)
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from laboratory_uploads.caller import Callers
    from laboratory_uploads.uploads import Uploads

_JSON = "application/json"
_UPLOADS = "/v1/lab/uploads"
_DESCRIPTION = "/v1/lab/openapi.json"
# RFC 6750, section 3.
_CHALLENGES = {
    "token-refused": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    "scope-missing": {"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
}
_REFUSALS = {
    "token-refused": problem.TOKEN_REFUSED,
    "scope-missing": problem.SCOPE_MISSING,
    "laboratory-not-let-in": problem.NOT_LET_IN,
}


class _UploadUnknownError(Exception):
    """The laboratory has no such upload; another one's is as unknown to it."""


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        callers: finds who calls.
        uploads: of laboratories.
        now: the time, aware.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(
        self,
        callers: Callers,
        uploads: Uploads,
        now: Callable[[], datetime],
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._callers = callers
        self._uploads = uploads
        self._now = now
        self._tell = tell
        self._routes = APIGatewayHttpResolver(enable_validation=True, debug=False)
        self._add_uploads()
        self._add_description()
        self._add_problems()

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event; it is never cached, whatever it is."""
        response = self._refusal(event)
        if response is None:
            response = self._routes.resolve(event, None)  # type: ignore[arg-type]  # the context is unused
        return protected(response)

    def _refusal(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """What is answered before anything reads the request; None if nothing is against it."""
        finess = ""
        if event.get("rawPath") != _DESCRIPTION:
            try:
                caller = self._callers.laboratory(event.get("headers", {}), self._now())
            except Rejected as refused:
                if refused.code not in _REFUSALS:
                    self._tell(LogCode.REQUEST_FAILED, refused.code)
                    return refusal(FAILED)
                self._tell(LogCode.CALLER_REFUSED, refused.code)
                return refusal(_REFUSALS[refused.code], _CHALLENGES.get(refused.code))
            except Unavailable as unavailable:
                self._tell(LogCode.REQUEST_FAILED, unavailable.code)
                return refusal(UNAVAILABLE, RETRY_AFTER)
            except Exception as error:  # noqa: BLE001 - its text may hold what it stumbled over
                self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
                return refusal(FAILED)
            finess = caller.finess
        against = body_problem(event, problem.BODY_TOO_LARGE)
        if against is None:
            self._routes.append_context(laboratory=finess)  # type: ignore[no-untyped-call]
            return None
        self._tell(LogCode.REQUEST_REFUSED, against.type)
        return refusal(against)

    @property
    def _laboratory(self) -> str:
        """FINESS of who calls."""
        finess: str = self._routes.context["laboratory"]
        return finess

    def _add_uploads(self) -> None:
        @self._routes.post(
            _UPLOADS,
            summary="Open an upload",
            description="Gives a form that takes one file of the announced type and size, for a "
            "quarter of an hour. The same Idempotency-Key gives the same upload.",
            response_description="The upload, and the form.",
            responses=answers(
                OpenedUpload,
                BODY_UNREADABLE,
                problem.BODY_TOO_LARGE,
                BODY_NOT_JSON,
                problem.KEY_REUSED,
                status=HTTPStatus.CREATED,
            ),
            operation_id="openUpload",
        )
        def open_upload(
            request: Annotated[UploadRequest, Body()],
            idempotency_key: Annotated[
                IdempotencyKey | None, Header(alias="Idempotency-Key")
            ] = None,
        ) -> Response[OpenedUpload]:
            opened = self._uploads.open(self._laboratory, request, idempotency_key, self._now())
            self._tell(LogCode.UPLOAD_OPENED, self._laboratory)
            return Response(
                status_code=HTTPStatus.CREATED,
                content_type=_JSON,
                body=opened,
                headers={"Location": f"{_UPLOADS}/{opened.id}"},
            )

        @self._routes.get(
            f"{_UPLOADS}/<upload_id>",
            summary="Follow an upload",
            description="Says how far a file has come, and gives its acknowledgement. It takes "
            "the id of an upload, and that of a file that came otherwise.",
            response_description="The state, and the acknowledgement.",
            responses=answers(UploadView, problem.UPLOAD_UNKNOWN),
            operation_id="getUpload",
        )
        def get_upload(upload_id: Annotated[UploadId, Path()]) -> UploadView:
            view = self._uploads.view(self._laboratory, upload_id)
            if view is None:
                raise _UploadUnknownError
            return view

        @self._routes.get(
            _UPLOADS,
            summary="List the laboratory's files",
            description="Gives the last that came first, however they came.",
            response_description="A page, and what the next one is asked for by.",
            responses=answers(UploadPage),
            operation_id="listUploads",
        )
        def list_uploads(
            before: Annotated[Before | None, Query()] = None,
            limit: Annotated[int, Query(ge=1, le=100)] = 50,
        ) -> UploadPage:
            return self._uploads.history(self._laboratory, before, limit)

    def _add_description(self) -> None:
        @self._routes.get(_DESCRIPTION, include_in_schema=False)
        def openapi() -> Response[str]:
            return Response(
                status_code=HTTPStatus.OK, content_type=_JSON, body=describe(self._routes)
            )

    def _add_problems(self) -> None:
        self._routes.not_found(lambda _: answer(problem.NOT_FOUND))
        for kind, answered in (
            (_UploadUnknownError, lambda _: answer(problem.UPLOAD_UNKNOWN)),
            (RequestValidationError, self._invalid),
            (Unavailable, self._unavailable),
            (Rejected, self._rejected),
            (Exception, self._failed),
        ):
            self._routes.exception_handler(kind)(answered)

    def _invalid(self, error: RequestValidationError) -> Response[Any]:
        self._tell(LogCode.REQUEST_REFUSED, problem.REQUEST_INVALID.type)
        return answer(with_faults(problem.REQUEST_INVALID, error.errors()))

    def _unavailable(self, error: Unavailable) -> Response[Any]:
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(UNAVAILABLE, RETRY_AFTER)

    def _rejected(self, error: Rejected) -> Response[Any]:
        if error.code == "idempotency-key-reused":
            self._tell(LogCode.REQUEST_REFUSED, error.code)
            return answer(problem.KEY_REUSED)
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(FAILED)

    def _failed(self, error: Exception) -> Response[Any]:
        # The text of an unforeseen error may hold what it stumbled over.
        self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return answer(FAILED)
