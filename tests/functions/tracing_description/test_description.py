"""The OpenAPI description of tracing is what its functions do: no more, and no less."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from aws_lambda_powertools.metrics import Metrics
from hypothesis import HealthCheck, given, settings

from tests.functions.attestation.devices import IPhone
from tests.functions.attestation.world import CHALLENGE, KEYS
from tests.functions.attestation.world import World as Devices
from tests.functions.key_upload.world import World as Uploads
from tests.functions.key_upload.world import sent_key, upload
from tests.functions.verification_codes.world import World as Codes
from tests.schemas import tracing_description
from vigie.attestation.attested_body import body_hash
from vigie.errors import Unavailable
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DOCUMENT = json.loads(tracing_description.FILE.read_text(encoding="utf-8"))
_SCHEMA = schemathesis.openapi.from_dict(_DOCUMENT)
_PUBLISH = "/v1/publish"


def test_the_description_that_is_served_is_the_one_that_the_routes_give() -> None:
    assert tracing_description.FILE.read_text(encoding="utf-8") == (
        tracing_description.description()
    ), "run `make schemas`"


@contextmanager
def _down(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise Unavailable("table:down")

    with monkeypatch.context() as broken:
        broken.setattr("vigie.sealing.DerivedKey.bytes", fail)
        yield


def _documented(path: str, method: str = "post") -> set[int]:
    return {int(status) for status in _DOCUMENT["paths"][path][method]["responses"]}


@pytest.mark.usefixtures("mocked_aws")
def test_publishing_answers_with_every_status_that_is_documented(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Uploads()
    good = upload(world.code(), sent_key(1))
    with _down(monkeypatch):
        failed = world.post(good)
    answers = [
        failed,
        world.post(good),
        world.post("{"),
        world.post(good | {"verificationPayload": "forged"}),
        world.post("x" * 64_001),
        world.post(good, **{"content-type": "text/plain"}),
    ]
    world.vouched = {"attestationMode": "enforce", "bodySha256": body_hash(b"other")}
    answers.append(world.post(good))
    assert {answer["statusCode"] for answer in answers} == _documented(_PUBLISH)
    Metrics(namespace="test", service="test").clear_metrics()


@pytest.mark.usefixtures("mocked_aws")
def test_registering_answers_with_every_status_that_is_documented(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Devices()
    phone, challenge = IPhone(world.apple), world.challenge()
    attestation = phone.attestation(decoded(challenge) or b"")
    with _down(monkeypatch):
        world.start()
        failed = [world.ask(CHALLENGE), world.register(phone, challenge, attestation)]
    world.start()
    keys = [
        failed[1],
        world.register(phone, challenge, attestation),
        world.register(phone, challenge, "AAAA"),
        world.ask(KEYS, "{"),
        world.ask(KEYS, "{}"),
        world.ask(KEYS, "x" * 20_001),
        world._register(
            {"routeKey": f"POST {KEYS}", "body": "{}", "headers": {"content-type": "text/plain"}}
        ),
    ]
    assert {answer["statusCode"] for answer in keys} == _documented(KEYS)
    given = {answer["statusCode"] for answer in (failed[0], world.ask(CHALLENGE))}
    assert given == _documented(CHALLENGE)
    Metrics(namespace="test", service="test").clear_metrics()


def _answering(path: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    if path in {CHALLENGE, KEYS}:
        return Devices()._register
    return Codes().api if path.startswith("/api/") else Uploads().api


@pytest.mark.usefixtures("mocked_aws")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", _PUBLISH),
        ("get", "/health"),
        ("get", "/v1/openapi.json"),
        ("post", CHALLENGE),
        ("post", KEYS),
        *(("post", path) for path in _DOCUMENT["paths"] if path.startswith("/api/")),
    ],
)
def test_whatever_is_sent_no_function_fails_or_answers_what_is_not_described(
    method: str, path: str
) -> None:
    operation = _SCHEMA[path][method.upper()]
    answer = _answering(path)

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
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
        assert response["statusCode"] in _documented(path, method)
        assert isinstance(json.loads(response["body"]), dict)

    send()
    Metrics(namespace="test", service="test").clear_metrics()


def _plain(body: object) -> object:
    """The body of a case; None where it has none."""
    return body if isinstance(body, dict | list | str | int | float | bool) else None


def _headers(case: schemathesis.Case[Any]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in (case.headers or {}).items()}
