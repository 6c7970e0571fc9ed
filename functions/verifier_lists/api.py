"""The HTTP API: its groups of routes, and what is answered when something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Response

from verifier_lists import problem
from verifier_lists.country_routes import add_country_routes
from verifier_lists.description import PATH, description
from verifier_lists.log_codes import LogCode
from verifier_lists.rule_routes import add_rule_routes
from verifier_lists.signer_routes import add_signer_routes
from verifier_lists.value_set_routes import add_value_set_routes
from vigie.errors import Rejected, Unavailable
from vigie.http.problem import FAILED, UNAVAILABLE, answer
from vigie.http.request_body import body_problem
from vigie.http.response import RETRY_AFTER, protected, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.lists.published_lists import PublishedLists

# A thousand kids, and more than a certificate.
_MOST_CHARACTERS = 16 * 1024


class Api:
    """Answers events of an HTTP API (payload format 2.0).

    Args:
        lists: as they are published.
        tell: told the code and the reason of each refusal and failure.
    """

    def __init__(self, lists: PublishedLists, tell: Callable[[LogCode, str], None]) -> None:
        self._tell = tell
        self._routes = APIGatewayHttpResolver(debug=False)
        add_signer_routes(self._routes, lists)
        add_rule_routes(self._routes, lists)
        add_value_set_routes(self._routes, lists)
        add_country_routes(self._routes, lists)
        self._add_description()
        self._add_problems()

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """The response to an event."""
        if event["requestContext"]["http"]["method"] == "POST":
            against = body_problem(event, problem.BODY_TOO_LARGE, _MOST_CHARACTERS)
            if against is not None:
                self._tell(LogCode.REQUEST_REFUSED, against.type)
                return protected(refusal(against))
        return protected(self._routes.resolve(event, None))  # type: ignore[arg-type]  # the context is unused

    def _add_description(self) -> None:
        @self._routes.get(PATH)
        def openapi() -> Response[str]:
            return Response(
                status_code=HTTPStatus.OK, content_type="application/json", body=description()
            )

    def _add_problems(self) -> None:
        self._routes.not_found(lambda _: answer(problem.NOT_FOUND))
        for kind, answered in (
            (Unavailable, self._unavailable),
            (Rejected, self._rejected),
            (Exception, self._failed),
        ):
            self._routes.exception_handler(kind)(answered)

    def _unavailable(self, error: Unavailable) -> Response[Any]:
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(UNAVAILABLE, RETRY_AFTER)

    def _rejected(self, error: Rejected) -> Response[Any]:
        if error.code == "list-unpublished":
            self._tell(LogCode.REQUEST_REFUSED, error.code)
            return answer(problem.UNPUBLISHED)
        self._tell(LogCode.REQUEST_FAILED, error.code)
        return answer(FAILED)

    def _failed(self, error: Exception) -> Response[Any]:
        # The text of an unforeseen error may hold what it stumbled over.
        self._tell(LogCode.REQUEST_FAILED, type(error).__name__)
        return answer(FAILED)
