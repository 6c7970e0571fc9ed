"""The OpenAPI description of tracing is what its functions do: no more, and no less."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from aws_lambda_powertools.metrics import Metrics
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

import result_polling.description
from tests.functions.analytics_intake.world import World as Analytics
from tests.functions.attestation.world import World as Devices
from tests.functions.key_upload.world import World as Uploads
from tests.functions.result_polling.world import World as Polling
from tests.functions.tracing_description.documented import DOCUMENT, described_body, documented
from tests.functions.venues.poster_world import PosterWorld
from tests.functions.venues.world import World as Venues
from tests.functions.verification_codes.world import World as Codes
from tests.schemas import tracing_description

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Answer = Callable[[dict[str, Any]], dict[str, Any]]

_POLLING = json.loads(result_polling.description.description())
# By the beginning of their routes; the first that fits.
_FUNCTIONS: Mapping[str, Callable[[], Answer]] = {
    "/v1/attestation/": lambda: Devices()._register,
    "/v1/visits/": lambda: Venues().reports,
    "/v1/venues/": lambda: PosterWorld().api,
    "/v1/analytics": lambda: Analytics().api,
    "/api/": lambda: Codes().api,
    "/.well-known/": lambda: Codes().api,
    "/virology-test/": lambda: Polling().api,
    "/": lambda: Uploads().api,
}


def test_the_description_that_is_served_is_the_one_that_the_routes_give() -> None:
    assert tracing_description.FILE.read_text(encoding="utf-8") == (
        tracing_description.description()
    ), "run `make schemas`"


def _routes() -> list[tuple[dict[str, Any], str, str]]:
    """Document, method and path of every route."""
    return [
        (document, method, path)
        for document in (DOCUMENT, _POLLING)
        for path, operations in document["paths"].items()
        for method in operations
    ]


@pytest.mark.usefixtures("mocked_aws")
@pytest.mark.parametrize(
    ("document", "method", "path"),
    [pytest.param(*route, id=f"{route[1]} {route[2]}") for route in _routes()],
)
def test_whatever_is_sent_no_function_fails_or_answers_what_is_not_described(
    document: dict[str, Any], method: str, path: str
) -> None:
    operation = schemathesis.openapi.from_dict(document)[path][method.upper()]
    answer = next(made for start, made in _FUNCTIONS.items() if path.startswith(start))()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def send(case: schemathesis.Case[Any]) -> None:
        body = None if method == "get" else json.dumps(_plain(case.body))
        response = answer(
            {
                "routeKey": f"{method.upper()} {path}",
                "rawPath": path,
                "headers": {"content-type": "application/json", **_headers(case)},
                "requestContext": {"http": {"method": method.upper(), "path": path}},
                "body": body,
                "isBase64Encoded": False,
            }
        )
        assert response["statusCode"] < 500, response["body"]
        assert response["statusCode"] in documented(path, method, document)
        if response["body"] and not response["isBase64Encoded"]:
            told = described_body(path, method, response, document)
            Draft202012Validator(told).validate(json.loads(response["body"]))

    send()
    Metrics(namespace="test", service="test").clear_metrics()


def _plain(body: object) -> object:
    """The body of a case; None where it has none."""
    return body if isinstance(body, dict | list | str | int | float | bool) else None


def _headers(case: schemathesis.Case[Any]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in (case.headers or {}).items()}
