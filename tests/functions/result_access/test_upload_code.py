"""A positive result gives its person the means to alert contacts, and nobody else."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.functions.result_access.world import NAMED, NOW, RESULT_ID, TOKEN
from vigie import aws
from vigie.results.codes import Method, Outcome, Status
from vigie.tracing.code_signer import CodeSigner
from vigie.tracing.code_verifier import CodeVerifier, UploadCodeRefusedError
from vigie.tracing.upload_code import LIFETIME, CodeReport, UploadCode

if TYPE_CHECKING:
    from tests.functions.result_access.world import World


def given(world: World, result_id: str = RESULT_ID) -> dict[str, Any]:
    answer = world.alert(result_id)
    assert answer["statusCode"] == 200, answer
    body: dict[str, Any] = json.loads(answer["body"])
    return body


def verified(world: World, code: str) -> UploadCode:
    """The code as the function that takes it reads it."""
    return CodeVerifier(aws.kms(), world.upload_code_key).verify(code, world.now)


def test_a_positive_result_gives_a_code_that_key_upload_takes(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    body = given(world)

    assert body["link"] == f"app://upload#{body['code']}"
    assert body["qr_svg"].startswith("<svg")
    assert verified(world, body["code"]).issued_at == NOW
    assert body["expires_at"] == "2026-12-03T12:00:00Z"
    (shown,) = world.open()["results"]
    assert shown["upload_code_until"] == "2026-12-06T12:00:00Z"


def test_a_code_names_nobody(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    code = verified(world, given(world)["code"])
    for personal in (RESULT_ID, NAMED.family_name, TOKEN, "p1.canary", "c1.canary"):
        assert personal not in code.jti
    part = given(world)["code"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert set(claims) == {"iss", "iat", "jti"}


def test_a_result_has_one_upload_however_often_its_code_is_asked_for(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.result(outcome=Outcome.DETECTED, result_id="other")
    world.grant()
    first = verified(world, given(world)["code"])
    world.now += timedelta(days=3)
    again = verified(world, given(world)["code"])
    assert again.jti == first.jti
    assert again.expires_at == NOW + timedelta(days=3) + LIFETIME
    assert verified(world, given(world, "other")["code"]).jti != first.jti


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.NOT_DETECTED},
        {"outcome": Outcome.INCONCLUSIVE},
        {"status": Status.PRELIMINARY},
        {"status": Status.WITHDRAWN},
        {"status": Status.NOT_OBTAINABLE},
        {"method": Method.SEROLOGY},
        {"disease": "influenza"},
        {"disease": "unheard-of"},
        {"sampled_at": NOW - timedelta(days=14)},
        {"sampled_at": NOW + timedelta(minutes=1)},
    ],
)
def test_any_other_result_gives_none(world: World, changes: dict[str, Any]) -> None:
    world.result(**({"outcome": Outcome.DETECTED} | changes))
    world.grant()
    answer = world.alert()
    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["type"] == "urn:vigie:problem:no-upload-code"
    assert world.open()["results"][0]["upload_code_until"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.CORRECTED},
        {"status": Status.AMENDED},
        {"method": Method.ANTIGEN},
        {"sampled_at": NOW - timedelta(days=14) + timedelta(seconds=1)},
    ],
)
def test_a_settled_result_gives_one(world: World, changes: dict[str, Any]) -> None:
    world.result(**({"outcome": Outcome.DETECTED} | changes))
    world.grant()
    assert given(world)["code"]


def test_a_result_that_is_not_behind_the_link_gives_none(world: World) -> None:
    world.result()
    for changes in (
        {"result_id": "mine"},
        {"result_id": "namesake", "contact_tag": "c1.other"},
        {"result_id": "stranger", "person": "p1.other"},
    ):
        world.result(NAMED, outcome=Outcome.DETECTED, **changes)
    world.grant()
    assert world.alert("mine")["statusCode"] == 200
    for result_id in ("namesake", "stranger", "nowhere"):
        assert world.alert(result_id)["statusCode"] == 409
    assert world.codes().count("upload-code-refused") == 3


def test_a_wrong_birth_date_counts_as_at_the_opening(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    for _ in range(3):
        assert world.alert(birth_date="1981-05-12")["statusCode"] == 403
    for _ in range(2):
        assert world.attempt("1981-05-12")["statusCode"] == 403
    # Five wrong dates, whatever was asked for with them, lock the link.
    assert world.alert()["statusCode"] == 403
    assert world.attempt()["statusCode"] == 403
    assert world.alert(token="x" * 26)["statusCode"] == 403


def test_nothing_of_a_code_is_logged(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    code = given(world)["code"]
    assert "upload-code-given" in world.codes()
    for part in (*code.split("."), RESULT_ID):
        assert part not in world.log.getvalue()


def test_a_code_of_a_self_report_is_taken_by_who_asks_for_such_codes_only(world: World) -> None:
    key = world.upload_code_key
    reported = UploadCode(jti="A" * 22, issued_at=NOW, report=CodeReport.USER_REPORT)
    token = CodeSigner(aws.kms(), key).sign(reported)
    with pytest.raises(UploadCodeRefusedError):
        verified(world, token)
    assert CodeVerifier(aws.kms(), key, tuple(CodeReport)).verify(token, NOW) == reported
