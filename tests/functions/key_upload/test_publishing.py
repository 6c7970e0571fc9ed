"""An upload is taken whole, once, and by nobody without a code."""

from __future__ import annotations

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.client import BaseClient

from key_upload import handler as door
from tests.functions.key_upload.world import (
    AUTHORITY,
    DAY,
    NOW,
    TODAY,
    World,
    said,
    sent_key,
    upload,
)
from tests.functions.resources import items
from vigie.attestation.attested_body import body_hash
from vigie.http.door import http_door
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.release import shard_of
from vigie.tracing.upload_code import GIVEN_FOR, LIFETIME

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[3] / "events" / "key_upload"
REFUSED = (401, "health_authority_verification_certificate_invalid")


def test_the_keys_of_a_phone_are_stored_as_they_were_sent(world: World) -> None:
    answer = world.publish(upload(world.code()))

    assert answer["insertedExposures"] == 14
    assert answer["revisionToken"]
    assert set(answer) == {"revisionToken", "insertedExposures"}
    released = {key.key_data: key for key in world.released()}
    assert len(released) == 14
    key = released[bytes((5,)) * 16]
    assert key.rolling_start_interval_number == TODAY - 5 * DAY
    assert key.rolling_period == DAY
    assert key.transmission_risk == 3
    assert key.report_type is ReportType.CONFIRMED_TEST
    assert key.days_since_onset_of_symptoms == -2


def test_a_key_in_use_is_stored_for_the_hour_after_its_end(world: World) -> None:
    world.publish(upload(world.code(), sent_key(0)))
    (key,) = world.released()
    tomorrow = NOW.replace(hour=1, minute=0) + timedelta(days=1)
    assert any(item["shard"]["S"] == shard_of(key.key_data, tomorrow) for item in items("keys"))


def test_where_no_risk_is_given_it_is_that_of_a_confirmed_test(world: World) -> None:
    world.publish(upload(world.code(), sent_key(1, transmissionRisk=0)))
    assert [key.transmission_risk for key in world.released()] == [2]


def test_nothing_that_is_stored_tells_uploads_apart(world: World) -> None:
    world.publish(upload(world.code("A" * 22), sent_key(1), sent_key(2)))
    world.now += timedelta(minutes=10)
    world.publish(upload(world.code("B" * 22), sent_key(3), sent_key(4)))

    for item in items("keys"):
        # Beside the key's own bytes and places, all is equal for two uploads of one hour.
        assert set(item) <= {
            "shard",
            "key",
            "stands_in",
            "schema",
            "origin",
            "traveller",
            "shareable",
            "rolling_start_interval_number",
            "rolling_period",
            "transmission_risk",
            "report_type",
            "days_since_onset_of_symptoms",
            "expires_at",
        }
    assert len({item["expires_at"]["N"] for item in items("keys")}) == 1
    for item in items("used-codes"):
        assert set(item) == {"jti", "schema", "digest", "published", "stored", "expires_at"}
        # A multiple of a day tells no time of upload.
        assert int(item["expires_at"]["N"]) % 86_400 == 0
        for number in range(1, 5):
            assert bytes((number,)).hex() * 16 not in json.dumps(item)


def test_a_used_code_is_remembered_as_long_as_another_for_the_same_result_may_live(
    world: World,
) -> None:
    world.publish(upload(world.code(issued_at=NOW)))
    (item,) = items("used-codes")
    assert datetime.fromtimestamp(int(item["expires_at"]["N"]), NOW.tzinfo) > (
        NOW + GIVEN_FOR + LIFETIME
    )


def test_the_same_upload_again_gets_the_same_answer(world: World) -> None:
    body = upload(world.code(), sent_key(1), sent_key(2, rollingPeriod=200), sent_key(30))
    first, stored = world.publish(body), world.stored()
    world.now += timedelta(hours=3)
    world.new_instance()
    # Another padding and another order of the keys are still the same upload.
    keys = [sent_key(30), sent_key(2, rollingPeriod=200), sent_key(1)]
    again = world.publish(body | {"padding": "BBBBBBBB", "temporaryExposureKeys": keys})

    assert first.pop("revisionToken")
    assert again.pop("revisionToken")
    assert again == first
    assert first["code"] == "partial_failure"
    assert world.stored() == stored


def test_the_same_upload_again_is_judged_by_what_was_stored_then(world: World) -> None:
    # Its start is still to come at first; later it would overlap the one before it.
    early = sent_key(2, rollingStartNumber=TODAY + DAY - 10)
    body = upload(world.code(), sent_key(1, rollingStartNumber=TODAY, rollingPeriod=DAY), early)
    first, stored = world.publish(body), world.stored()
    world.now = datetime(2026, 11, 25, 6, 45, tzinfo=NOW.tzinfo)
    again = world.publish(body)
    assert again | {"revisionToken": ""} == first | {"revisionToken": ""}
    assert (first["code"], first["insertedExposures"]) == ("partial_failure", 1)
    assert world.stored() == stored


def test_a_code_that_was_given_again_still_finds_the_same_answer(world: World) -> None:
    keys = [sent_key(1), sent_key(2)]
    world.publish(upload(world.code(issued_at=NOW - timedelta(days=1)), *keys))
    assert world.publish(upload(world.code(issued_at=NOW), *keys))["insertedExposures"] == 2


@pytest.mark.parametrize(
    "other",
    [
        {"temporaryExposureKeys": [sent_key(2)]},
        {"temporaryExposureKeys": [sent_key(1), sent_key(2)]},
        {"temporaryExposureKeys": [sent_key(1, rollingPeriod=143)]},
        {"symptomOnsetInterval": TODAY - 4 * DAY},
    ],
)
def test_a_used_code_permits_no_other_upload(world: World, other: dict[str, object]) -> None:
    body = upload(world.code(), sent_key(1))
    world.publish(body)
    stored = world.stored()
    assert world.refused(body | other) == REFUSED
    assert world.stored() == stored


def forged(world: World) -> dict[str, Callable[[], str]]:
    """Codes that permit nothing, by what is wrong with them."""
    good = world.code()
    header, claims, signature = good.split(".")

    def part(content: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    def opened(text: str) -> dict[str, object]:
        content: dict[str, object] = json.loads(base64.urlsafe_b64decode(text + "=="))
        return content

    def with_header(**changes: object) -> str:
        return world.signed(f"{part(opened(header) | changes)}.{claims}", world.code_key)

    def with_claims(**changes: object) -> str:
        return world.signed(f"{header}.{part(opened(claims) | changes)}", world.code_key)

    iat = int(NOW.timestamp())
    return {
        "none": lambda: "",
        "not a JWT": lambda: "code",
        "not ASCII": lambda: good.replace(".", "\ud800"),
        "four parts": lambda: f"{good}.",
        "huge": lambda: good + "A" * 5000,
        "unsigned": lambda: f"{part({'alg': 'none', 'typ': 'JWT'})}.{claims}.",
        "another key's": lambda: world.signed(f"{header}.{claims}", world.other_key),
        "another content": lambda: (
            f"{header}.{part(opened(claims) | {'jti': 'B' * 22})}.{signature}"
        ),
        "signature cut": lambda: good[:-4],
        "signature of zeros": lambda: f"{header}.{claims}.{'A' * 86}",
        "padded": lambda: f"{good}==",
        "HS256": lambda: with_header(alg="HS256"),
        "no kid": lambda: with_header(kid=None),
        "another kid": lambda: with_header(kid="other"),
        "crit": lambda: with_header(crit=["exp"]),
        "another issuer": lambda: with_claims(iss="SIDEP"),
        "no jti": lambda: with_claims(jti=None),
        "short jti": lambda: with_claims(jti="A"),
        "more claims": lambda: with_claims(sub="someone"),
        "iat a text": lambda: with_claims(iat=str(iat)),
        "iat a truth": lambda: with_claims(iat=True),
        "iat endless": lambda: with_claims(iat=10**300),
        "of the future": lambda: with_claims(iat=iat + 61),
        "ten days old": lambda: with_claims(iat=iat - 10 * 86_400),
        "deep": lambda: world.signed(
            f"{header}.{base64.urlsafe_b64encode(b'[' * 300).decode()}", world.code_key
        ),
    }


def test_every_code_that_is_not_good_is_refused_alike(world: World) -> None:
    bodies = set()
    for name, code in forged(world).items():
        answer = world.post(upload(code()))
        assert answer["statusCode"] == 401, name
        bodies.add(json.dumps(said(answer)))
    body = upload(world.code(), sent_key(1))
    world.publish(body)
    used = world.post(body | {"temporaryExposureKeys": [sent_key(2)]})
    # Used codes too, so that nobody learns of a code whether it was used.
    assert bodies == {json.dumps(said(used))}
    assert len(items("used-codes")) == 1


@pytest.mark.parametrize("age", [timedelta(seconds=-60), LIFETIME - timedelta(seconds=1)])
def test_a_code_lives_for_ten_days(world: World, age: timedelta) -> None:
    assert world.publish(upload(world.code(issued_at=NOW - age)))["insertedExposures"] == 14


def test_the_public_key_is_asked_for_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    real = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(client: BaseClient, operation: str, arguments: dict[str, object]) -> object:
        calls[operation] += 1
        return real(client, operation, arguments)

    bodies = [
        upload(world.code(chr(65 + number) * 22), sent_key(number + 1)) for number in range(4)
    ]
    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    for body in bodies:
        world.publish(body)
    assert calls["GetPublicKey"] == 1
    assert calls["GenerateMac"] == 2
    assert calls["GetItem"] == calls["TransactWriteItems"] == 4


def test_another_health_authority_is_told_so(world: World) -> None:
    assert world.refused(upload(world.code(), healthAuthorityID="other")) == (
        401,
        "unknown_health_authority_id",
    )
    assert world.stored() == []


def test_two_uploads_with_one_code_at_once_are_one(world: World) -> None:
    code = world.code()
    bodies = [upload(code, sent_key(number)) for number in (1, 2)] * 3
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(world.post, bodies))
    assert {answer["statusCode"] for answer in answers} <= {200, 401, 500}
    assert len(world.released()) == 1
    assert len(items("used-codes")) == 1


def test_some_bad_keys_do_not_lose_the_others(world: World) -> None:
    answer = world.publish(
        upload(world.code(), sent_key(1), sent_key(2, key="AAAA"), sent_key(3, rollingPeriod=0))
    )
    assert answer["insertedExposures"] == 1
    assert answer["code"] == "partial_failure"
    assert answer["error"] == (
        "key 1 cannot be imported: key is not base64 of 16 bytes; "
        "key 2 cannot be imported: rollingPeriod is not 1 to 144"
    )


def test_bad_keys_alone_use_no_code_up(world: World) -> None:
    code = world.code()
    assert world.refused(upload(code, sent_key(1, rollingPeriod=0))) == (400, "bad_request")
    assert world.stored() == []
    assert world.publish(upload(code, sent_key(1)))["insertedExposures"] == 1


def test_keys_far_from_the_onset_are_left_out_with_a_warning(world: World) -> None:
    code, onset = world.code(), TODAY - 20 * DAY
    answer = world.publish(upload(code, sent_key(1), symptomOnsetInterval=onset))
    assert answer == {
        "warnings": ["key 0 symptom onset is too large, 19 > 14 - saving without this key"]
    }
    # Nothing was stored, so the code is still good.
    assert world.publish(upload(code, sent_key(6), symptomOnsetInterval=onset))


def test_a_key_that_is_there_already_is_not_stored_twice(world: World) -> None:
    token = world.publish(upload(world.code("A" * 22), sent_key(1)))["revisionToken"]
    world.now += timedelta(hours=5)
    both = upload(world.code("B" * 22), sent_key(1), sent_key(2))

    assert world.refused(both) == (400, "missing_revision_token")
    assert world.refused(both | {"revisionToken": "!"}) == (400, "missing_revision_token")
    for wrong in ("AAAA", token[:-8] + "AAAAAAA="):
        assert world.refused(both | {"revisionToken": wrong}) == (400, "invalid_revision_token")
    assert len(items("used-codes")) == 1

    answer = world.publish(both | {"revisionToken": token})
    assert answer["insertedExposures"] == 1
    assert len(world.released()) == 2

    # The token that was returned names the keys of both uploads.
    all_again = upload(world.code("C" * 22), sent_key(1), sent_key(2))
    answer = world.publish(all_again | {"revisionToken": answer["revisionToken"]})
    assert "insertedExposures" not in answer
    assert answer["revisionToken"]


def test_a_token_does_not_change_the_times_of_a_key(world: World) -> None:
    token = world.publish(upload(world.code("A" * 22), sent_key(1)))["revisionToken"]
    changed = upload(world.code("B" * 22), sent_key(1, rollingPeriod=100), revisionToken=token)
    assert world.refused(changed) == (400, "invalid_revision_token")


def test_health(world: World) -> None:
    answer = world.api({"routeKey": "GET /health", "headers": {}})
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "ok"})
    assert world.slept == []


def test_nothing_of_an_upload_is_logged(world: World) -> None:
    body = upload(world.code(), sent_key(1), sent_key(40))
    world.publish(body)
    world.post(body | {"temporaryExposureKeys": [sent_key(2)]})
    world.post(json.dumps(body) + "CANARY")
    world.post({"CANARY": 1})
    log = world.log.getvalue()
    for value in ("CANARY", world.code().split(".")[1], "AAAA", "AQEB", "0101", AUTHORITY):
        assert value not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["message"] for line in lines} == {
        "keys-published",
        "publish-refused",
        "upload-after-0-1-days",
    }
    assert {line.get("reason") for line in lines} == {
        None,
        "bad_request",
        "health_authority_verification_certificate_invalid",
    }


def test_what_fails_inside_is_not_told_outside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("CANARY")

    monkeypatch.setattr("key_upload.publishing.KeyPublishing.publish", fail)
    answer = world.post(upload("code"))
    assert answer["statusCode"] == 500
    assert said(answer)["code"] == "internal_error"
    assert "CANARY" not in answer["body"] + world.log.getvalue()


@pytest.mark.parametrize("body", ["", "{", "x" * 70_000])
def test_a_decoy_is_answered_whatever_it_holds(world: World, body: str) -> None:
    answer = world.post(body, **{"x-chaff": "", "content-type": "text/plain"})
    assert answer["statusCode"] == 200
    assert said(answer) == {}
    assert world.stored() == []


def test_decoys_and_uploads_are_alike_from_outside(world: World) -> None:
    body = upload(world.code())
    answers = {
        "taken": world.post(body),
        "again": world.post(body),
        "refused": world.post(body | {"temporaryExposureKeys": [sent_key(2)]}),
        "malformed": world.post("{"),
        "decoy": world.post(body, **{"x-chaff": "1"}),
    }
    headers = {json.dumps(answer["headers"], sort_keys=True) for answer in answers.values()}
    assert len(headers) == 1
    assert '"x-api-version": "v1"' in headers.pop()
    assert all(5120 <= len(answer["body"]) < 6144 for answer in answers.values())
    # No answer leaves before its slot: the clock of the test moves by waiting alone.
    assert world.slept == [1.0] * len(answers)


@pytest.mark.parametrize(
    ("sample", "status"), [("publish", 401), ("decoy", 200), ("health", 200), ("openapi", 200)]
)
def test_the_door_takes_its_sample_events(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sample: str,
    status: int,
) -> None:
    for name, value in world.settings.model_dump(mode="json").items():
        text = value if isinstance(value, str) else json.dumps(value)
        monkeypatch.setenv(name.upper(), text)
    monkeypatch.setattr("time.sleep", world.slept.append)
    event = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    handler = http_door(type(world.settings), door.build)
    assert handler(event, LambdaContext())["statusCode"] == status
    assert '"requests":[1.0]' in capsys.readouterr().out
    assert len(world.slept) == (sample not in {"health", "openapi"})


@pytest.mark.parametrize(("mode", "status"), [("observe", 200), ("enforce", 403)])
def test_a_body_that_its_device_did_not_vouch_for_is_told_and_refused_where_that_is_enforced(
    world: World, mode: str, status: int
) -> None:
    world.vouched = {"attestationMode": mode, "bodySha256": body_hash(b"other")}
    answer = world.post(upload(world.code(), sent_key(1)))
    assert answer["statusCode"] == status
    assert "attested-body-differs" in world.log.getvalue()
    assert 5120 <= len(answer["body"]) < 6144
