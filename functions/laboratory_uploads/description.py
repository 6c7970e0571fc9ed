"""The OpenAPI description of the API."""

import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from laboratory_uploads import problem
from vigie.http.problem import CONTENT_TYPE, FAILED, UNAVAILABLE, Problem
from vigie.model import Frozen

_TITLE = "Vigie: uploads of laboratories"
_VERSION = "1.0.0"
_DESCRIPTION = (
    "A laboratory without an AWS client sends its files with a form, follows each to its "
    "acknowledgement, and pages through its history. Every route wants an access token of the "
    "OAuth 2.0 client credentials grant. Problems are described as RFC 9457 says, and never "
    "repeat what was sent."
)
# Powertools describes its own forms of validation errors, which are never answered.
_UNUSED_SCHEMA = "ValidationError"
_PROBLEMS = (
    problem.TOKEN_REFUSED,
    problem.NOT_LET_IN,
    problem.REQUEST_INVALID,
    FAILED,
    UNAVAILABLE,
)


def answers(
    given: type[Frozen], *more: Problem, status: HTTPStatus = HTTPStatus.OK
) -> dict[int, OpenAPIResponse]:
    """The responses of a route: what it gives, and every problem that it may have.

    Args:
        given: the body of its answer.
        more: problems that other routes do not have.
        status: of its answer.
    """
    described: dict[int, OpenAPIResponse] = {
        status: {"description": "Given.", "content": {"application/json": {"model": given}}}
    }
    for kind in (*_PROBLEMS, *more):
        described[kind.status] = {
            "description": kind.title,
            "content": {CONTENT_TYPE: {"model": Problem}},
        }
    return described


def describe(routes: APIGatewayHttpResolver) -> str:
    """The description of the routes, as JSON."""
    described = json.loads(
        routes.get_openapi_json_schema(title=_TITLE, version=_VERSION, description=_DESCRIPTION)
    )
    components = described["components"]
    for name in [name for name in components["schemas"] if name.endswith(_UNUSED_SCHEMA)]:
        del components["schemas"][name]
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    described["security"] = [{"token": []}]
    return json.dumps(described, ensure_ascii=False)
