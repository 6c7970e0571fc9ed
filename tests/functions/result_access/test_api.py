"""Every answer of the API: its problems, its headers, its description."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from result_access import handler as door
from tests.functions.result_access.world import OPEN, UPLOAD_CODE, World
from vigie.errors import Rejected, Unavailable
from vigie.http.door import http_door

CANARY = "canary-birth-date"
SAMPLES = Path(__file__).parents[3] / "events" / "result_access"


def problem_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The problem in an answer, which has the members of RFC 9457 and repeats nothing."""
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer["body"])
    assert {"type", "title", "status", "detail"} <= set(problem) <= {
        "type", "title", "status", "detail", "errors",
    }  # fmt: skip
    assert problem["status"] == answer["statusCode"]
    assert CANARY not in answer["body"]
    return problem


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{" + CANARY, 400),
        ("[" * 2000, 400),
        (json.dumps(CANARY), 422),
        (json.dumps([CANARY]), 422),
        ("null", 422),
        ("{}", 422),
        (json.dumps({"token": CANARY, "birth_date": CANARY}), 422),
        (json.dumps({"token": CANARY, "birth_date": "12/05/1980"}), 422),
        (json.dumps({"token": CANARY, "birth_date": "1980-05-12\n"}), 422),
        (json.dumps({"token": CANARY, "birth_date": "1980-05-12T00:00"}), 422),
        (json.dumps({"token": "\ud800" + CANARY, "birth_date": "1980"}), 422),
        (json.dumps({"token": CANARY * 10, "birth_date": "1980"}), 422),
        (json.dumps({"token": {CANARY: CANARY}, "birth_date": 1980}), 422),
        (json.dumps({"token": CANARY * 200, "birth_date": "1980"}), 413),
    ],
)
def test_a_body_that_is_not_as_described(world: World, body: str, status: int) -> None:
    answer = world.ask(OPEN, body)
    assert answer["statusCode"] == status
    problem_of(answer)
    assert CANARY not in world.log.getvalue()


def test_the_place_of_a_fault_is_told(world: World) -> None:
    problem = problem_of(world.ask(OPEN, json.dumps({"token": "", "birth_date": CANARY})))
    assert problem["errors"] == [
        {"pointer": "/token", "rule": "string_too_short"},
        {"pointer": "/birth_date", "rule": "string_pattern_mismatch"},
    ]


def test_a_request_without_a_body(world: World) -> None:
    answer = world.ask(OPEN, "")
    assert answer["statusCode"] == 422
    problem_of(answer)


@pytest.mark.parametrize("body", ["é", "!!!!", base64.b64encode(b"\xff{}").decode()])
def test_a_body_that_does_not_decode(world: World, body: str) -> None:
    answer = world.ask(OPEN, body, isBase64Encoded=True)
    assert answer["statusCode"] == 400
    problem_of(answer)


def test_a_body_in_base64_is_read(world: World) -> None:
    body = base64.b64encode(b'{"token": "x", "birth_date": "1980"}').decode()
    assert world.ask(OPEN, body, isBase64Encoded=True)["statusCode"] == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "x" * 99])
@pytest.mark.parametrize("body", ["token=x", ""])
def test_a_body_that_is_not_json_by_its_type(world: World, kind: str, body: str) -> None:
    answer = world.ask(OPEN, body, headers={"content-type": kind})
    assert answer["statusCode"] == 415
    problem_of(answer)


@pytest.mark.parametrize("path", ["/", "/v1/results", f"/v1/{CANARY}", "/v1/results/open/"])
def test_an_unknown_route(world: World, path: str) -> None:
    for answer in (world.ask(path), world.ask(path, "{}")):
        assert answer["statusCode"] == 404
        problem_of(answer)
    assert world.ask(OPEN)["statusCode"] == 404


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (Unavailable("results-table:Throttling", CANARY), 503, "results-table:Throttling"),
        (Rejected("seal-broken", CANARY), 500, "seal-broken"),
        (ValueError(CANARY), 500, "ValueError"),
    ],
)
def test_what_fails_inside_is_not_told_outside(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("result_access.opening.LinkOpening.open", fail)
    answer = world.attempt()
    assert answer["statusCode"] == status
    problem_of(answer)
    assert ("Retry-After" in answer["headers"]) is (status == 503)
    assert json.loads(world.log.getvalue())["reason"] == reason
    assert CANARY not in world.log.getvalue()


def test_no_answer_is_cached_or_sniffed(world: World) -> None:
    world.result()
    world.grant()
    for answer in (
        world.attempt(),
        world.attempt("1999"),
        world.ask("/nothing"),
        world.ask(OPEN, "x" * 5000),
        world.ask("/v1/openapi.json"),
    ):
        headers = answer["headers"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_description_has_every_answer(world: World) -> None:
    answer = world.ask("/v1/openapi.json")
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "application/json")
    described = json.loads(answer["body"])
    assert described["openapi"].startswith("3.1")
    shared = {"200", "400", "403", "413", "415", "422", "500", "503"}
    expected = {OPEN: shared, UPLOAD_CODE: shared | {"409"}}
    assert set(described["paths"]) == set(expected)
    for path, statuses in expected.items():
        answers = described["paths"][path]["post"]["responses"]
        assert set(answers) == statuses
        for status, described_answer in answers.items():
            kind = "application/json" if status == "200" else "application/problem+json"
            assert set(described_answer["content"]) == {kind}
    schemas = described["components"]["schemas"]
    assert {"OpenRequest", "OpenedLink", "Problem"} <= set(schemas)
    assert not any(name.endswith("ValidationError") for name in schemas)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["token", "birth_date", "x"]), inner, max_size=3)
        ),
        max_leaves=6,
    )
)
def test_no_body_makes_it_fail(world: World, body: object) -> None:
    answer = world.ask(OPEN, json.dumps(body))
    assert answer["statusCode"] in {403, 413, 422}
    problem_of(answer)


@pytest.mark.parametrize(
    ("sample", "status"), [("open_link", 403), ("upload_code", 403), ("openapi", 200)]
)
def test_the_door_takes_its_sample_events(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sample: str,
    status: int,
) -> None:
    for name, value in world.settings.model_dump().items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "result_access")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Vigie")
    event = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    handler = http_door(type(world.settings), door.build)
    assert handler(event, LambdaContext())["statusCode"] == status
    assert '"requests":[1.0]' in capsys.readouterr().out
