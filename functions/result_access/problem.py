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


def _problem(name: str, status: HTTPStatus, title: str, detail: str) -> Problem:
    return Problem(type=f"urn:vigie:problem:{name}", title=title, status=status, detail=detail)


# One answer for an unknown, expired or locked link and for a wrong birth date.
LINK_NOT_OPENED = _problem(
    "link-not-opened",
    HTTPStatus.FORBIDDEN,
    "The link could not be opened",
    "The link or the birth date is wrong, or the link has expired or was tried too often.",
)
NO_UPLOAD_CODE = _problem(
    "no-upload-code",
    HTTPStatus.CONFLICT,
    "There is no upload code for this result",
    "A code is given for a settled result that detected the disease, for 14 days.",
)
BODY_TOO_LARGE = _problem(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send a token and a birth date, and nothing else.",
)
BODY_NOT_JSON = _problem(
    "body-not-json",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body is not JSON",
    "Send JSON, with the content type application/json.",
)
BODY_UNREADABLE = _problem(
    "body-unreadable",
    HTTPStatus.BAD_REQUEST,
    "The body cannot be read",
    "Send JSON in UTF-8.",
)
BODY_INVALID = _problem(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not as described",
    "Compare the body with /v1/openapi.json.",
)
NOT_FOUND = _problem(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See /v1/openapi.json."
)
UNAVAILABLE = _problem(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The service is not available",
    "Try again in a moment.",
)
FAILED = _problem(
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


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of a body that breaks the rules of its model."""
    faults = tuple(
        Fault(pointer=_pointer(error.get("loc", ())), rule=str(error.get("type", "")))
        for error in errors
    )
    return BODY_INVALID.model_copy(update={"errors": faults})


def _pointer(place: Sequence[object]) -> str:
    # The first part is `body`; the others are names of the model, never of the input.
    return "".join(f"/{part}" for part in place[1:] if isinstance(part, str))
