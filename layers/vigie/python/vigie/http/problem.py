"""Problem details (RFC 9457): what is said of a request that is not answered.

Nothing that came in is ever repeated. `type` is a name to compare, not an address to visit.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Response

from vigie.model import Frozen

CONTENT_TYPE = "application/problem+json"


class Fault(Frozen):
    """One place of the body that breaks a rule.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the body; empty for all of it.
        rule: name of the rule, as pydantic names its errors.
    """

    pointer: str
    rule: str


class Problem(Frozen):
    """Problem details.

    Attributes:
        type: URN of the kind of problem.
        title: the kind of problem, in a few words.
        status: the HTTP status.
        detail: what to do about it.
        errors: the places of the body that break a rule, where that is the problem.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] | None = None


def kind(name: str, status: HTTPStatus, title: str, detail: str) -> Problem:
    """A kind of problem."""
    return Problem(type=f"urn:vigie:problem:{name}", title=title, status=status, detail=detail)


BODY_NOT_JSON = kind(
    "body-not-json",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body is not JSON",
    "Send JSON, with the content type application/json.",
)
BODY_UNREADABLE = kind(
    "body-unreadable",
    HTTPStatus.BAD_REQUEST,
    "The body cannot be read",
    "Send JSON in UTF-8.",
)
UNAVAILABLE = kind(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The service is not available",
    "Try again in a moment.",
)
FAILED = kind(
    "failed",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong",
    "Try again later; the operators have been told.",
)


def written(problem: Problem) -> str:
    """A problem as JSON."""
    return problem.model_dump_json(exclude_none=True)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """The response that carries a problem."""
    return Response(
        status_code=problem.status,
        content_type=CONTENT_TYPE,
        body=written(problem),
        headers=dict(headers or {}),
    )


def with_faults(problem: Problem, errors: Sequence[Mapping[str, Any]]) -> Problem:
    """A problem with the places of the body that break the rules of its model."""
    faults = tuple(
        Fault(pointer=_pointer(error), rule=str(error.get("type", ""))) for error in errors
    )
    return problem.model_copy(update={"errors": faults})


def _pointer(error: Mapping[str, Any]) -> str:
    place: Sequence[object] = error.get("loc", ())
    # The last part of a field too many is its name, which is the sender's.
    if error.get("type") == "extra_forbidden":
        place = place[:-1]
    # The first part is `body`; the others are names of the model, never of the input.
    return "".join(f"/{part}" for part in place[1:] if isinstance(part, str))
