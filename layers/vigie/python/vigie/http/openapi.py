"""OpenAPI descriptions (3.1) of APIs whose answers others laid down, which no framework makes.

Source: OpenAPI Specification 3.1.0. Bodies are described by the types that pydantic makes JSON
Schemas of.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from vigie.http.problem import CONTENT_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"
_IN_PATH = re.compile(r"\{([^}]+)\}")
JSON = "application/json"
# Names may differ by direction.
_ASKED: JsonSchemaMode = "validation"
_ANSWERED: JsonSchemaMode = "serialization"
_Schemas: TypeAlias = Mapping[tuple[Any, JsonSchemaMode], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response.

    Attributes:
        description: of it, in a few words.
        body: type of its JSON, or of the text; None without a body.
        content_types: that the body may have.
        drawn: content types of pictures, pages and texts that it may be instead, which no schema
            describes.
    """

    description: str
    body: Any = None
    content_types: tuple[str, ...] = (JSON,)
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A route.

    Attributes:
        method: in small letters.
        path: with its parameters in braces.
        name: of the operation, for programs that are made from the description.
        summary: of what it does.
        answers: by HTTP status.
        headers: of the request that it looks at, with what each is.
        body: type of the JSON that it takes; None if it takes none.
        body_required: whether it must be sent.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, Answer]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    body_required: bool = True


def problem_answers(*problems: Problem) -> dict[int, Answer]:
    """The responses that carry problems; one for those that share a status."""
    titles: dict[int, list[str]] = {}
    for one in problems:
        titles.setdefault(one.status, []).append(one.title)
    return {
        status: Answer(" / ".join(told), Problem, (CONTENT_TYPE,))
        for status, told in titles.items()
    }


def describe(title: str, description: str, operations: Iterable[Operation]) -> str:
    """The description of an API, as JSON.

    Args:
        title: of the API.
        description: of what it is for.
        operations: its routes.
    """
    described = tuple(operations)
    schemas, definitions = _schemas(described)
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        paths.setdefault(one.path, {})[one.method] = _operation(one, schemas)
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": title, "version": "1.0.0", "description": description},
            "paths": paths,
            "components": {"schemas": definitions},
        },
        ensure_ascii=False,
    )


def _schemas(operations: Iterable[Operation]) -> tuple[_Schemas, Mapping[str, Any]]:
    """The schema of each type of a body as it is sent, and what they refer to."""
    bodies: set[tuple[Any, JsonSchemaMode]] = set()
    for one in operations:
        bodies.add((one.body, _ASKED))
        bodies |= {(answer.body, _ANSWERED) for answer in one.answers.values()}
    found, shared = TypeAdapter.json_schemas(
        [
            ((body, mode), mode, TypeAdapter(body))
            for body, mode in sorted(bodies, key=repr)
            if body is not None
        ],
        ref_template=_REFERENCE,
    )
    return {key: schema for (key, _), schema in found.items()}, shared.get("$defs", {})


def _operation(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _IN_PATH.findall(one.path)
    ]
    parameters += [
        {"name": name, "in": "header", "description": told, "schema": {"type": "string"}}
        for name, told in one.headers.items()
    ]
    responses = {
        str(status): _response(answer, schemas) for status, answer in sorted(one.answers.items())
    }
    told = {
        "summary": one.summary,
        "operationId": one.name,
        "parameters": parameters,
        "responses": responses,
    }
    if one.body is None:
        return told
    body = {"required": one.body_required, "content": {JSON: {"schema": schemas[one.body, _ASKED]}}}
    return {**told, "requestBody": body}


def _response(answer: Answer, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {content_type: {} for content_type in answer.drawn}
    if answer.body is not None:
        content |= {
            each: {"schema": schemas[answer.body, _ANSWERED]} for each in answer.content_types
        }
    told = {"description": answer.description}
    return {**told, "content": content} if content else told
