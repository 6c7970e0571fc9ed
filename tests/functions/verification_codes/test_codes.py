"""A code becomes a token and a certificate, once, for one phone, and for nobody who guesses."""

from __future__ import annotations

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.functions.interruption import interrupted
from tests.functions.resources import items
from tests.functions.verification_codes.world import (
    MAC,
    NOW,
    OTHER_MAC,
    PHONE,
    QUOTA,
    TRIES,
    World,
    said,
)
from verification_codes import code_values, issuing
from vigie.tracing.upload_code import CodeReport

INVALID = (400, "code_invalid")
SAMPLES = Path(__file__).parents[3] / "events" / "verification_codes"


def claims(token: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return content


def test_a_code_becomes_a_certificate_that_the_published_key_verifies(world: World) -> None:
    issued = world.issue(symptomDate="2026-11-20", testDate="2026-11-22")
    assert len(issued["code"]) == 8
    assert issued["code"].isdigit()
    assert issued["link"] == f"ens://v?r=FR&c={issued['longCode']}"
    assert issued["expiresAt"] == "Tue, 24 Nov 2026 07:00:00 GMT"
    assert issued["expiresAtTimestamp"] == int((NOW + timedelta(minutes=15)).timestamp())
    assert issued["longExpiresAtTimestamp"] == int((NOW + timedelta(hours=24)).timestamp())

    verified = world.said("verify", {"code": issued["code"], "accept": ["confirmed"]})
    assert verified | {"token": ""} == {
        "testtype": "confirmed",
        "symptomDate": "2026-11-20",
        "testDate": "2026-11-22",
        "token": "",
    }
    assert claims(verified["token"])["sub"] == "confirmed.2026-11-20.2026-11-22"

    given = world.said("certificate", {"token": verified["token"], "ekeyhmac": MAC})
    published = world.api({"routeKey": "GET /.well-known/jwks.json"})
    assert published["headers"]["Cache-Control"] == "public, max-age=3600"
    keys = KeySet.import_key_set(json.loads(published["body"]))
    certificate = jwt.decode(given["certificate"], keys, algorithms=["ES256"])
    now = int(NOW.timestamp())
    assert certificate.claims == {
        "iss": "fr.gouv.vigie",
        "aud": "exposure-notifications-server",
        "iat": now - 5,
        "nbf": now - 5,
        "exp": now + 15 * 60,
        "reportType": "confirmed",
        "symptomOnsetInterval": int(datetime(2026, 11, 20, tzinfo=UTC).timestamp()) // 600,
        "tekmac": MAC,
    }


def test_without_a_symptom_date_the_onset_is_that_of_the_test_or_unknown(world: World) -> None:
    for dates, expected in (
        ({"testDate": "2026-11-22"}, datetime(2026, 11, 22, tzinfo=UTC)),
        (
            {},
            None,
        ),
    ):
        token = world.said("verify", {"code": world.issue(**dates)["longCode"]})["token"]
        given = world.said("certificate", {"token": token, "ekeyhmac": MAC})["certificate"]
        interval = claims(given).get("symptomOnsetInterval")
        assert interval == (expected and int(expected.timestamp()) // 600)


def test_each_of_the_two_codes_lives_its_own_life_and_a_claim_ends_both(world: World) -> None:
    first, second = world.issue(), world.issue()
    assert world.said("verify", {"code": f"{first['code'][:4]} {first['code'][4:]}"})
    assert world.refused("verify", {"code": first["longCode"]}) == INVALID

    world.now += timedelta(minutes=15)
    assert world.refused("verify", {"code": second["code"]}) == (400, "code_expired")
    world.now = NOW + timedelta(hours=23)
    assert world.said("verify", {"code": second["longCode"].upper()})["testtype"] == "confirmed"


def test_a_lost_answer_costs_nothing_and_an_overheard_code_is_of_no_use(world: World) -> None:
    request = {"code": world.issue()["code"], "accept": ["confirmed"], "padding": "AAAA"}
    first = world.said("verify", request)
    world.new_instance()
    world.now += timedelta(hours=3)
    assert world.said("verify", request) == first
    assert world.refused("verify", request | {"padding": "BBBB"}) == INVALID

    asked = {"token": first["token"], "ekeyhmac": MAC}
    once, again = (world.said("certificate", asked)["certificate"] for _ in range(2))
    assert claims(once) == claims(again)
    # The same bytes in another alphabet, without padding, are the same keys.
    assert world.said("certificate", asked | {"ekeyhmac": MAC.rstrip("=")})
    assert world.refused("certificate", asked | {"ekeyhmac": OTHER_MAC}) == (400, "token_invalid")


def test_a_signature_that_fails_uses_no_token_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.said("verify", {"code": world.issue()["code"]})["token"]
    real = BaseClient._make_api_call  # type: ignore[attr-defined]

    def failing(client: BaseClient, operation: str, arguments: dict[str, object]) -> object:
        if operation == "Sign":
            raise ClientError({"Error": {"Code": "KMSInternalException", "Message": ""}}, operation)
        return real(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", failing)
    asked = {"token": token, "ekeyhmac": MAC}
    assert world.refused("certificate", asked) == (500, "internal_server_error")
    monkeypatch.undo()
    assert world.said("certificate", asked | {"ekeyhmac": OTHER_MAC})["certificate"]


def test_two_phones_with_one_code_at_once_are_one(world: World) -> None:
    code = world.issue()["code"]
    bodies = [{"code": code, "padding": padding} for padding in ("AAAA", "BBBB", "CCCC")]
    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(
                lambda body: world.post("verify", body, address=f"192.0.2.{bodies.index(body)}"),
                bodies,
            )
        )
    assert Counter(answer["statusCode"] for answer in answers) == {200: 1, 400: 2}


@pytest.mark.parametrize("call", range(3))
def test_a_token_is_for_one_set_of_keys_whenever_two_are_asked_for_at_once(
    world: World, call: int
) -> None:
    token = world.said("verify", {"code": world.issue()["code"]})["token"]
    first, second = ({"token": token, "ekeyhmac": mac} for mac in (MAC, OTHER_MAC))
    answers: list[dict[str, Any]] = []
    with interrupted({call: lambda: answers.append(world.post("certificate", second))}):
        answers.append(world.post("certificate", first))
    assert Counter(answer["statusCode"] for answer in answers) == {200: 1, 400: 1}


def test_an_app_gets_no_type_that_it_does_not_take_and_the_code_stays(world: World) -> None:
    for accept, test_type, refused in (
        ([], "negative", None),
        (["likely"], "confirmed", None),
        (["negative"], "likely", None),
        (["confirmed"], "likely", (412, "unsupported_test_type")),
        (["perhaps"], "confirmed", (400, "invalid_test_type")),
    ):
        code = world.issue(testType=test_type.upper())["code"]
        body = {"code": code, "accept": accept}
        if refused is not None:
            assert world.refused("verify", body) == refused
            body = {"code": code}
        assert world.said("verify", body)["testtype"] == test_type


def test_a_forged_token_is_refused(world: World) -> None:
    token = world.said("verify", {"code": world.issue()["code"]})["token"]
    forged = (
        "",
        token[:-1],
        f"{token}=",
        token.replace(".", ".e30", 1),
        f"{'é' * 10}.{token}",
        "a.b.c",
    )
    for one in forged:
        asked = {"token": one, "ekeyhmac": MAC}
        assert world.refused("certificate", asked) == (400, "token_invalid"), one


def test_a_token_lives_for_a_day_and_needs_an_hmac_of_32_bytes(world: World) -> None:
    token = world.said("verify", {"code": world.issue()["code"]})["token"]
    for wrong in ("", "AAAA", "!", MAC + "AAAA"):
        asked = {"token": token, "ekeyhmac": wrong}
        assert world.refused("certificate", asked) == (400, "hmac_invalid")
    world.now += timedelta(hours=24)
    asked = {"token": token, "ekeyhmac": MAC}
    assert world.refused("certificate", asked) == (400, "token_expired")


def test_wrong_tries_end_for_a_client_and_nobody_else_until_the_hour_is_over(world: World) -> None:
    issued = [world.issue() for _ in range(3)]
    codes = [one["code"] for one in issued]
    # Right ones do not count, however often.
    for _ in range(TRIES + 1):
        assert world.said("verify", {"code": codes[0]})
    for number in range(TRIES):
        assert world.refused("verify", {"code": f"{number:08}"}) == INVALID
    answer = world.post("verify", {"code": codes[1]})
    assert (answer["statusCode"], said(answer)["errorCode"]) == (429, "too_many_tries")
    assert int(answer["headers"]["Retry-After"]) == 15 * 60 + 1
    # What a client says of itself changes nothing.
    assert (
        world.post("verify", {"code": codes[1]}, address=f"192.0.2.1, {PHONE}")["statusCode"] == 429
    )
    assert world.said("verify", {"code": codes[1]}, address="2001:db8::1")
    # Nobody guesses long codes.
    assert world.said("verify", {"code": issued[2]["longCode"]})
    world.now += timedelta(minutes=15)
    assert world.said("verify", {"code": world.issue()["code"]})


def test_no_address_is_kept_and_the_hours_key_goes_with_the_hour(world: World) -> None:
    world.refused("verify", {"code": "00000000"})
    (before,) = [item for item in items("tries") if "secret" in item]
    world.now += timedelta(hours=1)
    world.refused("verify", {"code": "00000000"})
    (after,) = [item for item in items("tries") if "secret" in item]
    assert before["secret"] != after["secret"]
    # The same client has another name, which no key that is left leads from.
    assert len([item for item in items("tries") if "tries" in item]) == 2
    for item in items("tries"):
        assert int(item["expires_at"]["N"]) <= int((world.now + timedelta(hours=1)).timestamp())
    assert PHONE not in json.dumps(world.stored(), default=repr) + world.log.getvalue()


def test_no_hours_key_is_left_after_a_pause_or_by_a_clock_that_is_slow(world: World) -> None:
    world.refused("verify", {"code": "00000000"})
    world.now += timedelta(hours=5)
    world.refused("verify", {"code": "00000000"})
    (key,) = [item for item in items("tries") if "secret" in item]
    world.now -= timedelta(hours=1)
    world.new_instance()
    assert world.refused("verify", {"code": "00000000"}) == INVALID
    assert [item for item in items("tries") if "secret" in item] == [key]


def test_no_code_and_no_upload_code_is_kept_or_told(world: World) -> None:
    upload_code = world.upload_code()
    page = world.said("issue", {}, authorization=f"Bearer {upload_code}")
    token = world.said("verify", {"code": page["code"]})["token"]
    certificate = world.said("certificate", {"token": token, "ekeyhmac": MAC})["certificate"]
    kept = json.dumps(world.stored(), default=repr) + world.log.getvalue()
    for secret in (page["code"], page["longCode"], token, certificate, upload_code, MAC):
        assert secret not in kept


def test_a_result_has_one_certificate_however_many_codes(world: World) -> None:
    bearer = f"Bearer {world.upload_code()}"
    codes = [world.said("issue", {}, authorization=bearer) for _ in range(10)]
    assert world.refused("issue", {}, authorization=bearer) == (429, "quota_exceeded")
    tokens = [world.said("verify", {"code": one["longCode"]})["token"] for one in codes[:2]]
    assert world.said("certificate", {"token": tokens[0], "ekeyhmac": MAC})
    other = {"token": tokens[1], "ekeyhmac": OTHER_MAC}
    assert world.refused("certificate", other) == (400, "token_invalid")
    assert world.said("certificate", {"token": tokens[0], "ekeyhmac": MAC})
    (used,) = items("used-codes")
    assert used["jti"]["S"] == "A" * 22
    assert world.refused("issue", {}, authorization=bearer) == (401, "unauthorized")


def test_a_self_report_stays_one_whatever_is_asked_for(world: World) -> None:
    bearer = f"Bearer {world.upload_code(CodeReport.USER_REPORT)}"
    asked = {"testType": "confirmed"}
    code = world.said("issue", asked, authorization=bearer)["code"]
    # Apps that do not know of it say nothing of it.
    assert world.refused("verify", {"code": code}) == (412, "unsupported_test_type")
    verified = world.said("verify", {"code": code, "accept": ["user-report"]})
    assert verified["testtype"] == "user-report"


def test_nobody_issues_without_a_key_or_an_upload_code(world: World) -> None:
    body = {"testType": "confirmed"}
    wrong = [
        {},
        {"x_api_key": ""},
        {"x_api_key": world.issuer_key[:-1] + "~"},
        {"x_api_key": world.issuer_key.replace("traceurs", "others")},
        {"x_api_key": f"traceurs.{'A' * 43}"},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {world.upload_code()[:-4]}"},
    ]
    for headers in wrong:
        for path in ("issue", "batch-issue", "checkcodestatus", "expirecode"):
            assert world.refused(path, body, **headers) == (401, "unauthorized")
    # An upload code is for one's own code, and for nothing else that issuers may.
    bearer = f"Bearer {world.upload_code()}"
    assert world.refused("batch-issue", {"codes": [body]}, authorization=bearer)[0] == 401
    assert world.stored() == []


def test_a_code_that_breaks_a_rule_is_not_issued_and_does_not_count(world: World) -> None:
    for wrong, code in (
        ({"testType": "user-report"}, "invalid_test_type"),
        ({"testType": ""}, "invalid_test_type"),
        ({"symptomDate": "2026-10-26"}, "invalid_date"),
        ({"testDate": "2026-11-25"}, "invalid_date"),
        ({"testDate": "24/11/2026"}, "invalid_date"),
        ({"uuid": "no"}, "unparsable_request"),
        ({"phone": "+33639980147"}, "unparsable_request"),
        ({"testDate": 7}, "unparsable_request"),
    ):
        asked = {"testType": "confirmed", **wrong}
        assert world.refused("issue", asked, x_api_key=world.issuer_key) == (400, code), wrong
    assert world.stored() == []


def test_the_present_day_is_the_callers(world: World) -> None:
    world.now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert world.issue(testDate="2026-11-25", tzOffset=60)


def test_a_batch_goes_on_after_a_code_that_is_refused(world: World) -> None:
    body = {"codes": [{"testType": "confirmed"}, {"testType": "?"}, {"testType": "likely"}]}
    answer = world.post("batch-issue", body, x_api_key=world.issuer_key)
    told = said(answer)
    assert (answer["statusCode"], told["errorCode"]) == (400, "invalid_test_type")
    assert [("code" in one, one.get("errorCode")) for one in told["codes"]] == [
        (True, None),
        (False, "invalid_test_type"),
        (True, None),
    ]
    many = {"codes": [{"testType": "confirmed"}] * 11}
    assert world.refused("batch-issue", many, x_api_key=world.issuer_key)[0] == 400


def test_an_issuer_has_a_quota_for_a_day_and_a_uuid_once(world: World) -> None:
    uuid = "5148C75C-2BC5-4874-9D1C-F9185D0E1B8A"
    world.issue(uuid=uuid)
    asked = {"testType": "confirmed", "uuid": uuid.lower()}
    for _ in range(QUOTA):
        assert world.refused("issue", asked, x_api_key=world.issuer_key) == (
            409,
            "uuid_already_exists",
        )
    for _ in range(QUOTA - 1):
        world.issue()
    asked = {"testType": "confirmed"}
    assert world.refused("issue", asked, x_api_key=world.issuer_key) == (429, "quota_exceeded")
    other = world.issuer("autres", 1)
    assert world.said("issue", asked | {"uuid": uuid}, x_api_key=other)["uuid"] == uuid.lower()
    world.now += timedelta(days=1)
    assert world.issue()


def test_an_issuer_learns_what_became_of_its_own_codes_and_ends_them(world: World) -> None:
    issued = world.issue()
    asked = {"uuid": issued["uuid"].upper()}
    key = {"x_api_key": world.issuer_key}
    ends = {name: issued[name] for name in ("expiresAtTimestamp", "longExpiresAtTimestamp")}
    assert world.said("checkcodestatus", asked, **key) == {"claimed": False} | ends
    other = {"x_api_key": world.issuer("autres", 1)}
    for path in ("checkcodestatus", "expirecode"):
        assert world.refused(path, asked, **other) == (404, "code_not_found")

    now = int(NOW.timestamp())
    assert world.said("expirecode", asked, **key)["longExpiresAtTimestamp"] == now
    assert world.refused("verify", {"code": issued["longCode"]}) == (400, "code_expired")
    issued = world.issue()
    world.said("verify", {"code": issued["code"]})
    asked = {"uuid": issued["uuid"]}
    assert world.said("checkcodestatus", asked, **key)["claimed"]
    assert world.refused("expirecode", asked, **key) == INVALID


def test_a_code_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["00000001", "00000001", "00000002"])
    monkeypatch.setattr(issuing, "short_code", lambda _: next(drawn))
    assert world.issue()["code"] == "00000001"
    assert world.issue()["code"] == "00000002"
    # Once it ended, it may be drawn again.
    world.now += timedelta(minutes=15)
    monkeypatch.setattr(issuing, "short_code", lambda _: "00000001")
    second = world.issue()
    assert world.said("verify", {"code": second["code"]})


def test_codes_are_drawn_from_all_that_there_are() -> None:
    short = {code_values.short_code(6) for _ in range(300)}
    assert {len(code) for code in short} == {6}
    assert {code[0] for code in short} == set("0123456789")
    assert len({character for _ in range(60) for character in code_values.long_code()}) == 36


def test_decoys_and_apps_get_answers_of_one_kind_in_one_slot(world: World) -> None:
    code = world.issue()["code"]
    for path, body in (("verify", {"code": code}), ("certificate", {"token": "", "ekeyhmac": MAC})):
        began = world.clock
        real = world.post(path, body)
        assert world.clock - began == 1
        stored = world.stored()
        decoy = world.post(path, "not even JSON", x_chaff="1")
        assert world.clock - began == 2
        assert decoy["statusCode"] == 200
        assert said(decoy) == {}
        assert world.stored() == stored
        for answer in (real, decoy):
            assert 5120 <= len(answer["body"]) < 6144
        assert real["headers"] == decoy["headers"]


def test_what_is_no_request_is_told_so(world: World) -> None:
    for body in ("", "[", "[1]", "7", '{"code": 7}', '{"accept": "x"}', "{" * 999):
        assert world.refused("verify", body) == (400, "unparsable_request"), body


def test_the_samples_are_read(world: World) -> None:
    samples = {sample.stem: json.loads(sample.read_text()) for sample in SAMPLES.glob("*.json")}
    answers = {name: world.api(sample)["statusCode"] for name, sample in samples.items()}
    assert answers == {
        "verify": 400,
        "certificate": 400,
        "decoy": 200,
        "issue": 401,
        "batch-issue": 401,
        "checkcodestatus": 401,
        "expirecode": 401,
        "jwks": 200,
    }
