"""Whatever is asked of the API, the answer is as described and never a failure of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from typer.testing import CliRunner

from cli import venue
from demo.morning import LABORATORIES
from tests.system.test_uploads import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation, Case

    from demo.deployed import Deployed

load_all_checks()
_DESCRIPTION = "openapi.json"
_AS_DESCRIBED: list[Any] = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)
# With a token beside what is generated, a request without one, or with a parameter that no route
# knows, is no bad one; nor is a decoy, which may be anything.
_WITH_A_TOKEN = [check for check in _AS_DESCRIBED if check.__name__ != "negative_data_rejection"]
# How a request that its description forbids may be refused; a body may also be too large.
_REFUSALS = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}
)
# What a route is asked that no description names: any JSON, if it takes a body.
_RESPONSES = {"responses": {"default": {"description": "Anything but a failure."}}}
_ANY_BODY: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}
_CONTENT_TYPES = ("application/json", "application/json; charset=utf-16", "text/plain", "?", "")
_MANY = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_FEW = settings(_MANY, max_examples=12)
# What is answered at whole seconds, as decoys are, or held back against those who try tokens out,
# or drawn. Such routes are asked more of in process, where no second passes.
_ONCE = settings(_MANY, max_examples=2)
_DECOYS = ("/api/", "/v1/publish", "/v1/visits/", "/v1/analytics")
_SLOW = ("/api/", "/virology-test/", "/v1/publish", "/v1/visits/", "/v1/venues/")


class Api(NamedTuple):
    """An HTTP API that is deployed.

    Attributes:
        base: its address.
        described: the OpenAPI descriptions that it gives of itself.
        undescribed: the same of the routes that it does not describe.
    """

    base: str
    described: list[dict[str, Any]]
    undescribed: dict[str, Any]


def _apis(deployed: Deployed) -> Iterator[Api]:
    gateway = boto3.client("apigatewayv2")
    for api in gateway.get_apis()["Items"]:
        base = f"{deployed.endpoint}/_aws/execute-api/{api['ApiId']}/$default"
        keys = [route["RouteKey"] for route in gateway.get_routes(ApiId=api["ApiId"])["Items"]]
        routes = [
            (method.lower(), path) for method, _, path in (key.partition(" ") for key in keys)
        ]
        described = [
            requests.get(f"{base}{path}", timeout=10).json()
            for _, path in routes
            if path.endswith(_DESCRIPTION)
        ]
        known = {
            (method, path)
            for one in described
            for path in one["paths"]
            for method in one["paths"][path]
        }
        left: dict[str, Any] = {}
        for method, path in routes:
            if (method, path) not in known:
                body = {} if method == "get" else _ANY_BODY
                left.setdefault(path, {})[method] = {**_RESPONSES, **body}
        info = {"title": api["Name"], "version": "1"}
        yield Api(base, described, {"openapi": "3.1.0", "info": info, "paths": left})


def _operations(description: dict[str, Any]) -> list[APIOperation[Any, Any, Any, Any]]:
    found = schemathesis.openapi.from_dict(description, config=_REFUSALS).get_all_operations()
    return [one.ok() for one in found if isinstance(one, Ok)]


@pytest.fixture(scope="module")
def headers(deployed: Deployed) -> dict[str, str]:
    """What the API for laboratories wants besides."""
    return Client(deployed, LABORATORIES[1].finess).headers


def test_every_request_is_answered_as_described(
    deployed: Deployed, headers: dict[str, str]
) -> None:
    # Posters want a key.
    assert CliRunner().invoke(venue.app, ["key"]).exit_code == 0
    tried = []
    for api in _apis(deployed):
        for operation in (one for told in api.described for one in _operations(told)):
            # What takes no body has little that could be wrong.
            takes_body = len(operation.body) > 0
            for mode in GenerationMode if takes_body else (GenerationMode.POSITIVE,):
                _ask(operation, mode, api.base, _effort(operation), headers)
            tried.append(operation.label)
        for operation in _operations(api.undescribed):
            _ask(operation, GenerationMode.POSITIVE, api.base, _FEW, headers)
            tried.append(operation.label)
    assert {"POST /v1/results/open", "GET /v1/openapi.json"} <= set(tried)
    assert {"POST /v1/lab/uploads", "GET /v1/lab/uploads/{upload_id}"} <= set(tried)
    assert {"POST /v1/certificates/verify", "GET /valuesets/{hash}", "GET /lists"} <= set(tried)


def _effort(operation: APIOperation[Any, Any, Any, Any]) -> settings:
    """How much a described route is asked: what it takes is the more, the less its path says."""
    if operation.path.startswith(_SLOW):
        return _ONCE
    return _MANY if len(operation.body) > 0 and "{" not in operation.path else _FEW


def _ask(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    base: str,
    effort: settings,
    headers: dict[str, str],
) -> None:
    sent = headers if "/v1/lab/" in operation.path else {}
    # Any text is a path that may be asked for.
    any_is_good = bool(sent) or "{" in operation.path or operation.path.startswith(_DECOYS)
    checks = _WITH_A_TOKEN if any_is_good else _AS_DESCRIBED

    @effort
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.validate_response(case.call(base_url=base, timeout=20, headers=sent), checks=checks)

    ask()


def test_no_bytes_make_it_fail(deployed: Deployed, headers: dict[str, str]) -> None:
    for api in _apis(deployed):
        for description in (*api.described, api.undescribed):
            for operation in _operations(description):
                if operation.method == "post":
                    sent = headers if "/v1/lab/" in operation.path else {}
                    effort = _FEW if description is api.undescribed else _effort(operation)
                    _send(f"{api.base}{operation.path}", effort, sent)


def _send(url: str, effort: settings, headers: dict[str, str]) -> None:
    @effort
    @given(body=st.binary(max_size=4096), kind=st.sampled_from(_CONTENT_TYPES))
    def send(body: bytes, kind: str) -> None:
        answer = requests.post(
            url, data=body, headers={"Content-Type": kind, **headers}, timeout=20
        )
        assert answer.status_code < 500, (body, kind)

    send()
