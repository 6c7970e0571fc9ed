"""A person who tested themselves gets a code by SMS, and nobody learns whose number does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools.metrics import Metrics

from notification_dispatch.sms_text import is_gsm7
from self_reports.description import OPERATIONS
from tests.functions.key_upload import world as uploading
from tests.functions.resources import items
from tests.functions.self_reports.world import LINK, PHONE, World, asked, event
from vigie import aws
from vigie.tracing import compact_jws
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.publish_rules import PublishRules

if TYPE_CHECKING:
    from collections.abc import Iterator

ELSEWHERE = "+447700900123"


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()


def _code(text: str) -> str:
    return text.rpartition(LINK)[2].split()[0]


def _jti(text: str) -> object:
    return compact_jws.read(_code(text), 1024).claims()["jti"]


def test_the_code_of_the_sms_publishes_keys_as_a_self_report(mocked_aws: None) -> None:
    del mocked_aws
    tracing = uploading.World()
    tracing.settings = tracing.settings.model_copy(
        update={"publish_rules": PublishRules(self_reports_accepted=True)}
    )
    tracing.new_instance()
    world = World(tracing.code_key)
    status, said = world.ask(phone="06 39 98 00 01")
    ((number, text),) = world.sms()
    assert (status, number) == (200, PHONE)
    assert said == {
        "expiresAt": "Fri, 04 Dec 2026 06:45:00 GMT",
        "expiresAtTimestamp": int(uploading.NOW.timestamp()) + 864_000,
    }
    assert is_gsm7(text)
    tracing.publish(uploading.upload(_code(text), uploading.sent_key(1)))
    (key,) = tracing.released()
    assert key.report_type is ReportType.SELF_REPORT
    Metrics(namespace="test", service="test").clear_metrics()


def test_the_sms_is_in_the_language_of_the_app(world: World) -> None:
    world.post(asked(1, "2026-11-24"), **{"accept-language": "en-GB,fr;q=0.5"})
    ((_, text),) = world.sms()
    assert text.startswith("A code was asked for with this number.")


def test_a_number_that_gets_no_code_is_answered_as_one_that_does(world: World) -> None:
    answers = [world.ask(), world.ask(phone=ELSEWHERE), world.ask(2, phone="+33140000000")]
    assert answers[0] == answers[1] == answers[2]
    assert [number for number, _ in world.sms()] == [PHONE]
    assert world.slept == [1.0, 1.0, 1.0]


def test_a_number_gets_three_messages_with_one_permission_and_another_after_a_month(
    world: World,
) -> None:
    for seed in range(1, 6):
        assert world.ask(seed)[0] == 200
        world.later(days=1)
    first = [_jti(text) for _, text in world.sms()]
    assert len(first) == 3
    assert len(set(first)) == 1
    world.later(days=24)
    world.ask(6)
    assert len(world.sms()) == 3
    world.later(days=2)
    world.ask(7)
    assert _jti(world.sms()[-1][1]) not in first
    assert len(world.sms()) == 4


def test_a_permission_is_not_sent_anew_when_its_uses_may_be_forgotten(world: World) -> None:
    world.ask(1)
    world.later(days=14)
    world.ask(2)
    assert len(world.sms()) == 1


def test_a_request_that_is_repeated_sends_nothing_again(world: World) -> None:
    assert world.ask(1) == world.ask(1)
    assert len(world.sms()) == 1


def test_when_a_day_is_spent_every_number_is_told_so_until_the_next(world: World) -> None:
    for seed in range(20):
        world.ask(seed, phone=ELSEWHERE)
    for phone in (PHONE, ELSEWHERE):
        status, said = world.ask(30, phone=phone)
        assert (status, said["errorCode"]) == (429, "user_report_try_later")
    assert world.sms() == []
    world.later(days=1)
    assert world.ask(31)[0] == 200
    assert len(world.sms()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nonce": "AAAA"}, "missing_nonce"),
        ({"testDate": None}, "missing_date"),
        ({"testDate": "2026-11-25"}, "invalid_date"),
        ({"testDate": "2026-10-26"}, "invalid_date"),
        ({"symptomDate": "24/11/2026"}, "invalid_date"),
        ({"testType": "confirmed"}, "invalid_test_type"),
        ({"phone": "12"}, "missing_phone"),
        ({"tzOffset": "x"}, "unparsable_request"),
    ],
)
def test_a_request_that_breaks_a_rule_is_told_which(
    world: World, changes: dict[str, object], code: str
) -> None:
    status, said = world.ask(**changes)  # type: ignore[arg-type]  # never the seed
    assert (status, said["errorCode"], said["error_code"]) == (400, code, code)
    assert items("report-phones") == []


def test_a_decoy_is_not_read_and_looks_alike(world: World) -> None:
    decoy = world.post("?", **{"x-chaff": "1"})
    real = world.post(asked(1, "2026-11-24"))
    assert decoy["statusCode"] == real["statusCode"] == 200
    assert set(json.loads(decoy["body"])) == {"padding"}
    assert decoy["headers"] == real["headers"]
    assert world.slept == [1.0, 1.0]


def test_no_number_is_kept_or_logged(world: World) -> None:
    world.ask(1)
    world.ask(1, phone="12345")
    for written in (json.dumps(items("report-phones")), world.log.getvalue()):
        assert "639980001" not in written
        assert "12345" not in written
    assert all("expires_at" in item for item in items("report-phones"))


def test_every_status_is_described(world: World) -> None:
    (operation,) = OPERATIONS
    assert set(operation.answers) == {200, 400, 429, 500}
    described = world.api({"routeKey": "GET /api/user-report/openapi.json"})
    assert set(json.loads(described["body"])["paths"]) == {"/api/user-report"}
    aws.dynamodb().delete_table(TableName="report-phones")
    assert world.api(event(asked(1, "2026-11-24")))["statusCode"] == 500
