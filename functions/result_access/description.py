"""The OpenAPI description of the API."""

import json

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from result_access import problem
from vigie.access.problem import LINK_NOT_OPENED
from vigie.http.problem import (
    BODY_NOT_JSON,
    BODY_UNREADABLE,
    CONTENT_TYPE,
    FAILED,
    UNAVAILABLE,
    Problem,
)
from vigie.model import Frozen

_TITLE = "Vigie: results behind a link"
_VERSION = "1.0.0"
_DESCRIPTION = (
    "A person who got a message opens their results and certificates with the token of the "
    "link and their birth date. Five wrong birth dates lock a link; a link lives 30 days. "
    "Problems are described as RFC 9457 says, and never repeat what was sent."
)
# Powertools describes its own forms of validation errors, which are never answered.
_UNUSED_SCHEMA = "ValidationError"
_PROBLEMS = (
    BODY_UNREADABLE,
    LINK_NOT_OPENED,
    problem.BODY_TOO_LARGE,
    BODY_NOT_JSON,
    problem.BODY_INVALID,
    FAILED,
    UNAVAILABLE,
)


def problem_answers(given: type[Frozen], *more: Problem) -> dict[int, OpenAPIResponse]:
    """The responses of a route: what it gives, and every problem that it may have.

    Args:
        given: the body of its answer.
        more: problems that other routes do not have.
    """
    answers: dict[int, OpenAPIResponse] = {
        200: {"description": "Given.", "content": {"application/json": {"model": given}}}
    }
    for kind in (*_PROBLEMS, *more):
        answers[kind.status] = {
            "description": kind.title,
            "content": {CONTENT_TYPE: {"model": Problem}},
        }
    return answers


def describe(routes: APIGatewayHttpResolver) -> str:
    """The description of the routes, as JSON."""
    described = json.loads(
        routes.get_openapi_json_schema(title=_TITLE, version=_VERSION, description=_DESCRIPTION)
    )
    schemas = described["components"]["schemas"]
    for name in [name for name in schemas if name.endswith(_UNUSED_SCHEMA)]:
        del schemas[name]
    return json.dumps(described, ensure_ascii=False)
