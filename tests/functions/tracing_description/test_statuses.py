"""Every status that the description of tracing names is reached, and no other."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.metrics import Metrics

from tests.functions.analytics_intake.world import World as Analytics
from tests.functions.analytics_intake.world import report as analytics_report
from tests.functions.attestation.devices import IPhone
from tests.functions.attestation.world import CHALLENGE, KEYS
from tests.functions.attestation.world import World as Devices
from tests.functions.key_upload.world import World as Uploads
from tests.functions.key_upload.world import sent_key, upload
from tests.functions.tracing_description.documented import DOCUMENT, documented
from tests.functions.venues.poster_world import PosterWorld
from tests.functions.venues.world import World as Venues
from tests.functions.venues.world import report, visit
from tests.functions.verification_codes.world import MAC
from tests.functions.verification_codes.world import World as Codes
from vigie.attestation.attested_body import body_hash
from vigie.errors import Unavailable
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

pytestmark = pytest.mark.usefixtures("mocked_aws")

_PUBLISH = "/v1/publish"
_PLAIN = {"content-type": "text/plain"}


@pytest.fixture(autouse=True)
def _counted_by_nobody() -> Iterator[None]:
    yield
    Metrics(namespace="test", service="test").clear_metrics()


@contextmanager
def _failing(monkeypatch: pytest.MonkeyPatch, what: str, error: Exception) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(what, fail)
        yield


def _down(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a context manager
    return _failing(monkeypatch, "vigie.sealing.DerivedKey.bytes", Unavailable("table:down"))


def _statuses(answers: Iterable[dict[str, Any]]) -> set[int]:
    return {answer["statusCode"] for answer in answers}


def test_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
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
        world.post(good, **_PLAIN),
    ]
    world.vouched = {"attestationMode": "enforce", "bodySha256": body_hash(b"other")}
    answers.append(world.post(good))
    assert _statuses(answers) == documented(_PUBLISH)


def test_registering_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
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
        world._register({"routeKey": f"POST {KEYS}", "body": "{}", "headers": _PLAIN}),
    ]
    assert _statuses(keys) == documented(KEYS)
    assert _statuses([failed[0], world.ask(CHALLENGE)]) == documented(CHALLENGE)


def test_reporting_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Venues()
    good = report(world.code(), visit(world.poster()))
    with _down(monkeypatch):
        failed = world.post(good)
    answers = [
        failed,
        world.post(good),
        world.post("{"),
        world.post(good | {"verificationPayload": "forged"}),
        world.post("x" * 64_001),
        world.post(good, **_PLAIN),
    ]
    world.vouched = {"attestationMode": "enforce", "bodySha256": body_hash(b"other")}
    answers.append(world.post(good))
    assert _statuses(answers) == documented("/v1/visits/report")


def test_drawing_posters(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [PosterWorld(installed=False).post({"venueType": 1})]
    world = PosterWorld()
    with _failing(monkeypatch, "venue_posters.api.poster", RuntimeError()):
        answers.append(world.post({"venueType": 1}))
    answers += [world.post(body) for body in ({"venueType": 1}, {"venueType": 32}, "{", "x" * 2049)]
    answers.append(
        world.api({"routeKey": "POST /v1/venues/poster", "body": "{}", "headers": _PLAIN})
    )
    assert _statuses(answers) == documented("/v1/venues/poster")


def test_reporting_analytics(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Analytics()
    with _down(monkeypatch):
        world.new_instance()
        answers = [world.post(analytics_report())]
    world.new_instance()
    answers += [
        world.post(analytics_report()),
        world.post("{"),
        world.post(analytics_report(padding="a" * 2048)),
        world.post(analytics_report(), **_PLAIN),
    ]
    assert _statuses(answers) == documented("/v1/analytics")


def test_verification_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Codes()
    key = {"x_api_key": world.issuer_key}
    issued, likely = world.issue(), world.issue(testType="likely")
    uuid, wanted = {"uuid": issued["uuid"]}, {"testType": "confirmed"}
    verified = {"code": issued["code"], "accept": ["confirmed"]}
    again = wanted | uuid
    settings = world.settings
    world.settings = settings.model_copy(update={"codes_table": "lost", "issuers_table": "lost"})
    world.new_instance()
    asked = {
        "verify": verified,
        "certificate": {"token": "x", "ekeyhmac": MAC},
        "issue": wanted,
        "batch-issue": {"codes": [wanted]},
        "checkcodestatus": uuid,
        "expirecode": uuid,
    }
    with _down(monkeypatch):
        failed = {path: world.post(path, body, **key) for path, body in asked.items()}
    world.settings = settings
    world.new_instance()
    answers = {
        "issue": [
            world.post("issue", again, **key),
            world.post("issue", wanted),
            world.post("issue", "{", **key),
        ],
        "batch-issue": [
            world.post("batch-issue", {"codes": [wanted]}, **key),
            world.post("batch-issue", {"codes": [again]}, **key),
            world.post("batch-issue", "{", **key),
            world.post("batch-issue", {"codes": [wanted]}),
        ],
        "verify": [
            world.post("verify", verified | {"code": likely["code"]}),
            world.post("verify", verified),
            world.post("verify", "{"),
        ],
    }
    token = json.loads(answers["verify"][1]["body"])["token"]
    answers["certificate"] = [
        world.post("certificate", {"token": token, "ekeyhmac": MAC}),
        world.post("certificate", {"token": "x", "ekeyhmac": MAC}),
    ]
    for path in ("checkcodestatus", "expirecode"):
        fresh = {"uuid": world.issue()["uuid"]}
        answers[path] = [
            world.post(path, fresh, **key),
            world.post(path, fresh),
            world.post(path, "{", **key),
            world.post(path, {"uuid": "00000000-0000-4000-8000-000000000000"}, **key),
        ]
    answers["verify"] += [world.post("verify", verified | {"code": "0" * 8}) for _ in range(5)]
    answers["issue"] += [world.post("issue", wanted, **key) for _ in range(12)]
    answers["batch-issue"].append(world.post("batch-issue", {"codes": [wanted]}, **key))
    for path, given in answers.items():
        assert _statuses([failed[path], *given]) == documented(f"/api/{path}"), path


def test_keys_of_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    world, path = Codes(), "/.well-known/jwks.json"
    ask = {"routeKey": f"GET {path}", "headers": {}}
    with _failing(monkeypatch, "verification_codes.jwks.elliptic_public_key", ValueError()):
        failed = world.api(ask)
    assert _statuses([failed, world.api(ask)]) == documented(path, "get")


def test_no_route_is_left_out() -> None:
    tried = {
        *(_PUBLISH, CHALLENGE, KEYS, "/v1/visits/report", "/v1/venues/poster", "/v1/analytics"),
        "/.well-known/jwks.json",
        *(path for path in DOCUMENT["paths"] if path.startswith("/api/")),
        # They have one status each, which whatever asks is given.
        *("/health", "/v1/openapi.json"),
    }
    assert tried == set(DOCUMENT["paths"])
