"""A verification certificate of a health authority permits the keys that it is bound to."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tests.functions.key_upload.world import (
    AUTHORITY,
    DAY,
    ISSUER,
    NOW,
    TODAY,
    World,
    said,
    sent_key,
    upload,
)
from tests.functions.resources import items
from vigie.dcc.cose import der_to_raw
from vigie.tracing import compact_jws
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.health_authority import HealthAuthority
from vigie.tracing.publish_rules import PublishRules
from vigie.tracing.release import Section
from vigie.tracing.upload_code import CodeReport
from vigie.tracing.verification_certificate import DEFAULT_AUDIENCE, LIFETIME, Diagnosis

REFUSED = (401, "health_authority_verification_certificate_invalid")
# The reference's backfill of the transmission risk.
PUBLISHED_AS = {
    Diagnosis.CONFIRMED: (ReportType.CONFIRMED_TEST, 2),
    Diagnosis.LIKELY: (ReportType.CONFIRMED_CLINICAL_DIAGNOSIS, 4),
    Diagnosis.USER_REPORT: (ReportType.SELF_REPORT, 0),
    None: (ReportType.UNKNOWN, 0),
}


def with_rules(world: World, **rules: object) -> None:
    world.settings = world.settings.model_copy(update={"publish_rules": PublishRules(**rules)})
    world.new_instance()


def test_keys_are_published_as_the_certificate_says(world: World) -> None:
    with_rules(world, self_reports_accepted=True)
    for day, (diagnosis, expected) in enumerate(PUBLISHED_AS.items(), start=1):
        sent = sent_key(day, transmissionRisk=0)
        assert world.publish(world.certified(diagnosis, sent))["revisionToken"]
        key = next(key for key in world.released() if key.key_data[0] == day)
        assert (key.report_type, key.transmission_risk) == expected
    sent = sent_key(9, transmissionRisk=7)
    world.publish(world.certified(Diagnosis.LIKELY, sent))
    assert {key.transmission_risk for key in world.released()} == {0, 2, 4, 7}


def test_a_negative_result_alone_stores_nothing(world: World) -> None:
    answer = world.publish(world.certified(Diagnosis.NEGATIVE, sent_key(1), sent_key(2)))
    assert answer == {}
    assert items("keys") == []


@pytest.mark.parametrize(
    ("stated", "certified", "days"),
    [
        (TODAY - 2 * DAY, TODAY - 6 * DAY, 1),
        (0, TODAY - 6 * DAY, 5),
        (TODAY - 29 * DAY, TODAY - 6 * DAY, 5),
        (0, TODAY - 29 * DAY, 3),
        (0, None, 3),
    ],
)
def test_the_onset_is_the_apps_then_the_authoritys_then_four_days_ago(
    world: World, stated: int, certified: int | None, days: int
) -> None:
    body = upload("", sent_key(1), symptomOnsetInterval=stated)
    body["verificationPayload"] = world.certificate(body, Diagnosis.CONFIRMED, certified)
    world.publish(body)
    assert [key.days_since_onset_of_symptoms for key in world.released()] == [days]


def test_traveller_and_consent_go_with_each_key(world: World) -> None:
    world.publish(
        world.certified(Diagnosis.CONFIRMED, sent_key(1), traveler=True, consentToFederation=True)
    )
    world.publish(world.certified(Diagnosis.CONFIRMED, sent_key(2)))
    first, second = (released.provenance for released in world.leaving(Section.HOME))
    assert (first.origin, first.traveller, first.shareable) == ("FR", True, True)
    assert (second.origin, second.traveller, second.shareable) == ("FR", False, False)


def refusals(world: World) -> dict[str, dict[str, Any]]:
    """Uploads that their certificate does not permit, by why."""
    good = world.certified(Diagnosis.CONFIRMED, sent_key(1), sent_key(2))
    other = world.certified(Diagnosis.CONFIRMED, sent_key(3))
    signed = str(good["verificationPayload"]).rpartition(".")[0]
    return {
        "another key": good | {"temporaryExposureKeys": [sent_key(1), sent_key(3)]},
        "a key less": good | {"temporaryExposureKeys": [sent_key(1)]},
        "another risk": good
        | {"temporaryExposureKeys": [sent_key(1, transmissionRisk=0), sent_key(2)]},
        "another secret": good | {"hmacKey": base64.b64encode(bytes(16)).decode()},
        "no secret": good | {"hmacKey": ""},
        "not base64": good | {"hmacKey": "!"},
        "another's certificate": good | {"verificationPayload": other["verificationPayload"]},
        "another signer": good | {"verificationPayload": world.signed(signed, world.other_key)},
    }


def test_every_certificate_that_is_not_good_is_refused_alike(world: World) -> None:
    answers = {name: world.post(body) for name, body in refusals(world).items()}
    assert {answer["statusCode"] for answer in answers.values()} == {401}
    forged = world.post(upload("forged"))
    assert {json.dumps(said(answer)) for answer in answers.values()} == {json.dumps(said(forged))}
    assert world.stored() == []


def test_a_certificate_lives_for_a_quarter_of_an_hour(world: World) -> None:
    body = world.certified(Diagnosis.CONFIRMED, sent_key(1))
    world.now += LIFETIME
    assert world.refused(body) == REFUSED


def test_the_short_form_of_the_hmac_is_taken_from_apps_without_risks(world: World) -> None:
    keys = [sent_key(day, transmissionRisk=0) for day in (1, 2)]
    body = upload("", *keys, hmackey=base64.urlsafe_b64encode(b"\xff" * 16).decode().rstrip("="))
    del body["hmacKey"]
    bound = ",".join(
        f"{key['key']}.{key['rollingStartNumber']}.{key['rollingPeriod']}" for key in keys
    )
    mac = base64.b64encode(hmac.digest(b"\xff" * 16, bound.encode(), "sha256")).decode()
    moment = int(NOW.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": DEFAULT_AUDIENCE,
        "iat": moment,
        "exp": moment + 300,
        "reportType": "confirmed",
        "tekmac": mac,
    }
    signed = compact_jws.signing_input(compact_jws.kid_of(world.certificate_key), claims)
    body["verificationPayload"] = world.signed(signed, world.certificate_key)
    assert world.publish(body)["insertedExposures"] == 2


def test_an_answer_that_was_lost_is_given_again(world: World) -> None:
    body = world.certified(Diagnosis.LIKELY, sent_key(1), sent_key(2, rollingPeriod=0))
    first, stored = world.publish(body), world.stored()
    world.now += timedelta(minutes=5)
    world.new_instance()
    again = world.publish(body)
    assert again.pop("revisionToken")
    assert first.pop("revisionToken")
    assert again == first
    assert world.stored() == stored


def test_an_answer_is_given_again_for_a_certificate_that_was_issued_again(world: World) -> None:
    keys = (sent_key(1), sent_key(2))
    first, stored = world.publish(world.certified(Diagnosis.LIKELY, *keys)), world.stored()
    world.now += timedelta(hours=3)
    again = world.certified(Diagnosis.LIKELY, *keys)
    assert world.publish(again)["insertedExposures"] == first["insertedExposures"]
    assert world.stored() == stored
    # One that says something else is another one.
    other = world.certified(Diagnosis.CONFIRMED, *keys)
    assert world.refused(other) == (400, "missing_revision_token")


def test_a_repeated_answer_gives_no_token_for_keys_that_others_gave(world: World) -> None:
    # The key of somebody else, sent with a fault so that it is only left out.
    theirs = sent_key(2)
    body = world.certified(Diagnosis.LIKELY, sent_key(1), theirs | {"rollingPeriod": 0})
    world.publish(body)
    world.publish(world.certified(Diagnosis.LIKELY, theirs))
    token = world.publish(body)["revisionToken"]
    taken_back = world.certified(Diagnosis.NEGATIVE, theirs, revisionToken=token)
    assert world.refused(taken_back) == (400, "invalid_revision_token")


def test_self_reports_are_taken_where_they_are_allowed_and_within_their_bounds(
    world: World,
) -> None:
    body = world.certified(Diagnosis.USER_REPORT, sent_key(1))
    code = world.code(report=CodeReport.USER_REPORT)
    assert world.refused(body) == world.refused(upload(code)) == REFUSED
    with_rules(
        world, self_reports_accepted=True, self_report_max_keys=2, self_report_max_age_hours=72
    )
    assert world.publish(body)["insertedExposures"] == 1
    many = world.certified(Diagnosis.USER_REPORT, *map(sent_key, (1, 2, 3)))
    assert world.refused(many) == (400, "bad_request")
    old = world.certified(Diagnosis.USER_REPORT, sent_key(5))
    assert world.refused(old) == (400, "bad_request")
    assert world.refused(upload(code, *map(sent_key, (1, 2, 3)))) == (400, "bad_request")
    assert world.publish(upload(code, sent_key(2)))
    assert {key.report_type for key in world.released()} == {ReportType.SELF_REPORT}
    # Others are not bound by that.
    assert world.publish(world.certified(Diagnosis.CONFIRMED, *map(sent_key, (5, 6, 7))))


def another_authority(**changes: object) -> tuple[HealthAuthority, ec.EllipticCurvePrivateKey]:
    """An authority elsewhere and its key."""
    key = ec.derive_private_key(21, ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "kid": "2026",
        "x": compact_jws.base64url(numbers.x.to_bytes(32, "big")),
        "y": compact_jws.base64url(numbers.y.to_bytes(32, "big")),
    }
    authority = HealthAuthority.model_validate(
        {"id": "be.app", "issuer": "be.health", "jwks": (jwk,), "region": "BE"} | changes
    )
    return authority, key


def serve(world: World, authority: HealthAuthority) -> None:
    others = (authority,)
    world.settings = world.settings.model_copy(update={"other_health_authorities": others})
    world.new_instance()


def test_another_authoritys_app_uploads_by_certificates_of_its_own(world: World) -> None:
    authority, key = another_authority()
    serve(world, authority)
    ours = world.certified(Diagnosis.CONFIRMED, sent_key(1))
    header, claims, _ = str(ours["verificationPayload"]).split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"iss": "be.health"}

    def signed(kid: str, key: ec.EllipticCurvePrivateKey) -> str:
        what = compact_jws.signing_input(kid, content)
        return compact_jws.compact(what, der_to_raw(key.sign(what.encode(), ec.ECDSA(SHA256()))))

    theirs = ours | {"healthAuthorityID": "be.app", "verificationPayload": signed("2026", key)}
    assert header
    # Neither is good for the other's app, and upload codes are ours.
    assert world.refused(theirs | {"healthAuthorityID": AUTHORITY}) == REFUSED
    assert world.refused(ours | {"healthAuthorityID": "be.app"}) == REFUSED
    assert world.refused(theirs | {"verificationPayload": world.code()}) == REFUSED
    assert world.refused(theirs | {"verificationPayload": signed("2025", key)}) == REFUSED
    assert world.publish(theirs)["insertedExposures"] == 1
    assert world.leaving(Section.HOME)[0].provenance.origin == "BE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"region": None}, "health_authority_missing_region_config"),
        ({"jwks": ({"kty": "EC", "crv": "P-256"},)}, "unable_to_load_health_authority"),
        ({"jwks": ({"kty": "RSA"},)}, "unable_to_load_health_authority"),
        ({"signing_key_arn": "unknown"}, "unable_to_load_health_authority"),
    ],
)
def test_an_authority_that_is_not_well_configured_stops_its_own_app_alone(
    world: World, changes: dict[str, object], code: str
) -> None:
    serve(world, another_authority(**changes)[0])
    assert world.refused(upload("", healthAuthorityID="be.app")) == (500, code)
    assert world.publish(world.certified(Diagnosis.CONFIRMED, sent_key(1)))
