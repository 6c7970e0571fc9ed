"""An app orders a test, asks for its result, and gets the permission to upload with it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.metrics import Metrics

from result_polling.description import OPERATIONS
from tests.functions.resources import items
from tests.functions.result_polling.world import EXCHANGE, NOW, ORDER, RESULTS, World
from vigie import aws
from vigie.orders.order_token import order_token
from vigie.results.codes import Method, Outcome, Status
from vigie.tracing.code_signer import CodeSigner
from vigie.tracing.code_verifier import CodeVerifier
from vigie.tracing.upload_code import jti_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.tracing.upload_code import UploadCode


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()


def test_an_order_gives_a_token_for_the_laboratory_and_one_to_poll_with(world: World) -> None:
    order = world.order()
    token = order["tokenParameterValue"]
    assert order_token(token) == token
    assert order["websiteUrlWithQuery"] == f"https://order.example/?ctaToken={token}"
    assert set(order) == {
        "websiteUrlWithQuery",
        "tokenParameterValue",
        "testResultPollingToken",
        "diagnosisKeySubmissionToken",
    }
    assert world.poll(order) == 204
    kept = json.dumps(items("orders")) + world.log.getvalue()
    assert not [secret for secret in order.values() if secret in kept]


def test_a_positive_result_comes_with_the_code_that_the_link_gives(world: World) -> None:
    order = world.order()
    assert world.tell(world.result(order)) == []
    answer = world.poll(order)
    assert isinstance(answer, dict)
    code = CodeVerifier(aws.kms(), world.code_key).verify(
        answer.pop("diagnosisKeySubmissionToken"), world.now
    )
    assert code.jti == jti_of(world.upload_secret.bytes(), "750000001-abc")
    assert answer == {
        "testEndDate": "2026-11-22T00:00:00Z",
        "testResult": "POSITIVE",
        "testKit": "LAB_RESULT",
        "diagnosisKeySubmissionSupported": True,
        "requiresConfirmatoryTest": False,
        "confirmatoryDayLimit": None,
        "shouldOfferFollowUpTest": False,
    }
    assert world.log.getvalue().count("upload-code-given") == 1
    assert "canary" not in json.dumps(items("orders"))
    assert "750000001" not in json.dumps(items("orders"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"outcome": Outcome.NOT_DETECTED}, ("NEGATIVE", "LAB_RESULT", False)),
        ({"outcome": Outcome.INCONCLUSIVE}, ("VOID", "LAB_RESULT", False)),
        ({"method": Method.ANTIGEN}, ("POSITIVE", "RAPID_RESULT", True)),
        ({"sampled_at": NOW - timedelta(days=14)}, ("POSITIVE", "LAB_RESULT", False)),
        ({"status": Status.PRELIMINARY}, None),
        ({"status": Status.WITHDRAWN}, None),
        ({"method": Method.SEROLOGY}, None),
        ({"disease": "influenza"}, None),
    ],
)
def test_what_an_app_is_told(
    world: World, changes: dict[str, Any], told: tuple[str, str, bool] | None
) -> None:
    order = world.order()
    world.tell(world.result(order, **changes))
    answer = world.poll(order)
    if told is None:
        assert answer == 204
        return
    assert isinstance(answer, dict)
    assert (answer["testResult"], answer["testKit"]) == told[:2]
    assert answer["diagnosisKeySubmissionSupported"] is told[2]
    assert (answer["diagnosisKeySubmissionToken"] is not None) is told[2]


@pytest.mark.parametrize("backwards", [False, True])
def test_the_newest_version_counts_whatever_the_order_of_messages(
    world: World, *, backwards: bool
) -> None:
    order, other = world.order(), world.order()
    first = world.result(order)
    if not backwards:
        world.tell(first)
    second = world.result(order, version=2, outcome=Outcome.NOT_DETECTED)
    if not backwards:
        world.tell(second, second)
    third = world.result(other, version=3, earlier=[order])
    world.tell(*((third, second, first) if backwards else (third,)))
    assert world.poll(order) == 204
    moved = world.poll(other)
    assert isinstance(moved, dict)
    assert moved["testResult"] == "POSITIVE"


def test_a_positive_result_takes_as_long_as_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = CodeSigner.sign

    def slowly(self: CodeSigner, code: UploadCode) -> str:
        world.clock += 0.3
        return sign(self, code)

    monkeypatch.setattr(CodeSigner, "sign", slowly)
    took = []
    for number, outcome in enumerate((Outcome.DETECTED, Outcome.NOT_DETECTED)):
        order = world.order()
        world.tell(world.result(order, result_id=f"750000001-{number}", outcome=outcome))
        began = world.clock
        world.poll(order)
        took.append(world.clock - began)
    assert took == [1.0, 1.0]


def test_a_correction_reaches_the_app_until_hours_after_the_delivery(world: World) -> None:
    order = world.order()
    world.tell(world.result(order))
    world.poll(order)
    world.now += timedelta(hours=3, minutes=59)
    world.tell(world.result(order, version=2, outcome=Outcome.NOT_DETECTED))
    answer = world.poll(order)
    assert isinstance(answer, dict)
    assert answer["testResult"] == "NEGATIVE"
    world.now += timedelta(minutes=2)
    assert world.poll(order) == 404
    assert world.tell(world.result(order, version=3)) == []
    assert world.poll(order) == 404


def test_of_two_results_of_one_order_the_positive_one_is_told(world: World) -> None:
    order = world.order()
    world.tell(
        world.result(order),
        world.result(order, result_id="750000001-later", outcome=Outcome.NOT_DETECTED),
    )
    answer = world.poll(order)
    assert isinstance(answer, dict)
    assert answer["testResult"] == "POSITIVE"


def test_an_order_keeps_eight_results_and_their_newer_versions(world: World) -> None:
    order = world.order()
    for number in range(8):
        name = f"750000001-{number}"
        world.tell(world.result(order, result_id=name, outcome=Outcome.NOT_DETECTED))
    world.tell(world.result(order, result_id="750000001-8"))
    answer = world.poll(order)
    assert isinstance(answer, dict)
    assert answer["testResult"] == "NEGATIVE"
    world.tell(world.result(order, result_id="750000001-7", version=2))
    answer = world.poll(order)
    assert isinstance(answer, dict)
    assert answer["testResult"] == "POSITIVE"


def test_an_order_that_nobody_answers_is_over_after_four_weeks(world: World) -> None:
    order = world.order()
    message = world.result(order)
    world.now += timedelta(weeks=4)
    world.tell(message)
    assert world.poll(order) == 404
    assert world.exchange(order["tokenParameterValue"]) == 404


def test_a_token_is_exchanged_twice_at_most_and_slowly(world: World) -> None:
    order = world.order()
    token = order["tokenParameterValue"]
    assert [world.exchange(token), world.exchange(token), world.exchange(token)] == [204] * 3
    world.tell(world.result(order))
    given = [world.exchange(f"{token[:4]}-{token[4:].upper()}") for _ in range(2)]
    assert [isinstance(answer, dict) for answer in given] == [True, True]
    assert world.exchange(token) == 404
    assert world.exchange("00000012") == 404
    assert world.exchange("00000013") == 404
    assert len(world.slept) == 8
    assert min(world.slept) == 1.0
    assert isinstance(world.poll(order), dict)
    assert token not in world.log.getvalue()


@pytest.mark.parametrize("path", [RESULTS, EXCHANGE])
@pytest.mark.parametrize(
    "body",
    [
        None,
        "{",
        "[]",
        "\x00",
        '{"testResultPollingToken": "canary", "ctaToken": 1}',
        {"testResultPollingToken": None, "ctaToken": "x" * 33},
        {"padding": "x" * 2000},
    ],
)
def test_a_body_that_is_not_as_described_is_refused_without_an_echo(
    world: World, path: str, body: object
) -> None:
    answer = world.post(path, body)
    assert answer["statusCode"] == 422
    assert "canary" not in answer["body"] + world.log.getvalue()


def test_every_status_is_described(world: World) -> None:
    described = {operation.path: set(operation.answers) for operation in OPERATIONS}
    assert described == {
        ORDER: {200, 500, 503},
        RESULTS: {200, 204, 404, 422, 500, 503},
        EXCHANGE: {200, 204, 404, 422, 500, 503},
    }
    answer = world.api({"routeKey": "GET /virology-test/v2/openapi.json"})
    assert set(json.loads(answer["body"])["paths"]) == set(described)
    order = world.order()
    aws.dynamodb().update_item(
        TableName="orders",
        Key={"token": {"S": world.hashed(order)}},
        UpdateExpression="SET #schema = :newer",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":newer": {"N": "2"}},
    )
    assert world.poll(order) == 500
    aws.dynamodb().delete_table(TableName="orders")
    for path, body in (
        (ORDER, None),
        (RESULTS, {"testResultPollingToken": order["testResultPollingToken"]}),
        (EXCHANGE, {"ctaToken": order["tokenParameterValue"]}),
    ):
        unavailable = world.post(path, body)
        assert unavailable["statusCode"] == 503
        assert unavailable["headers"]["Retry-After"] == "5"
