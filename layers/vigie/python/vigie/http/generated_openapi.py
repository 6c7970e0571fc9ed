"""OpenAPI descriptions that Powertools generates, for functions that it does not route.

Several functions answer one API, and none imports another: each gives its routes as data
(`vigie.http.openapi.Operation`), and one description is made of all.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vigie.http.openapi import Answer, Operation

# Powertools describes its own forms of validation errors, which are never answered.
_UNUSED = ("HTTPValidationError", "ValidationError")


def generate(title: str, description: str, operations: Iterable[Operation]) -> str:
    """The description of an API, as JSON.

    Args:
        title: of the API.
        description: of what it is for.
        operations: its routes.
    """
    routes = APIGatewayHttpResolver(enable_validation=True, debug=False)
    described = tuple(operations)
    for one in described:
        routes.route(
            one.path.replace("{", "<").replace("}", ">"),
            one.method.upper(),
            summary=one.summary,
            operation_id=one.name,
            responses={status: _response(answer) for status, answer in one.answers.items()},  # type: ignore[misc]  # as Powertools documents it
        )(_typed(one))
    document = json.loads(
        routes.get_openapi_json_schema(title=title, version="1.0.0", description=description)
    )
    _keep_own_answers(document, described)
    return json.dumps(document, ensure_ascii=False, indent=1)


def _typed(one: Operation) -> Callable[..., Any]:
    """A route whose parameters have the types that Powertools describes; it is never called."""

    def route(**_: object) -> None:
        return

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(
            name.lower().replace("-", "_"),
            kind,
            default=None,
            annotation=Annotated[str | None, Header(description=told, alias=name)],
        )
        for name, told in one.headers.items()
    ]
    if one.body is not None:
        body = Annotated[one.body, Body()]  # type: ignore[name-defined]  # made as it runs
        parameters.append(inspect.Parameter("request", kind, annotation=body))
    route.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # it may be set
    return route


def _response(answer: Answer) -> dict[str, Any]:
    if answer.body is None:
        return {"description": answer.description}
    content = {each: {"model": answer.body} for each in answer.content_types}
    return {"description": answer.description, "content": content}


def _keep_own_answers(document: dict[str, Any], operations: Iterable[Operation]) -> None:
    for one in operations:
        responses = document["paths"][one.path][one.method]["responses"]
        for status in set(responses) - {str(answered) for answered in one.answers}:
            del responses[status]
        for status, answer in one.answers.items():
            _keep_own_content(responses[str(int(status))], answer)
    schemas = document.get("components", {}).get("schemas", {})
    for name in [name for name in schemas if name.endswith(_UNUSED)]:
        del schemas[name]


def _keep_own_content(response: dict[str, Any], answer: Answer) -> None:
    """Powertools describes an answer without a model as JSON, whatever it is."""
    typed = {} if answer.body is None else response["content"]
    content = {drawn: {} for drawn in answer.drawn} | typed
    response.pop("content", None)
    if content:
        response["content"] = content
