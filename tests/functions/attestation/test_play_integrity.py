"""Tokens of Play Integrity, judged in front of a route."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from tests.functions.attestation.devices import PACKAGE, Android, attested
from tests.functions.attestation.world import BODY
from vigie import aws
from vigie.attestation.attested_body import body_hash, is_refused
from vigie.attestation.verdict import Mode
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from tests.functions.attestation.world import World


def test_a_good_token_comes_in_and_its_body_is_known_behind(world: World) -> None:
    answer = world.authorise(world.android.headers(BODY))
    assert answer == {
        "isAuthorized": True,
        "context": {
            "attestation": "good",
            "attestationMode": "enforce",
            "bodySha256": body_hash(BODY),
        },
    }
    event = {"requestContext": {"authorizer": {"lambda": answer["context"]}}}
    told: list[str] = []

    def differs() -> None:
        told.append("differs")

    assert not is_refused(event | {"body": BODY.decode()}, differs)
    # Without an authoriser, or with one that vouches for nothing, any body is as good.
    assert not is_refused({"requestContext": {}, "body": "x"}, differs)
    assert told == []
    assert is_refused(event | {"body": BODY.decode() + " "}, differs)
    assert told == ["differs"]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("play-package", {"requestDetails": {"requestPackageName": "com.example"}}),
        ("play-body", {"requestDetails": {"nonce": body_hash(b"another")}}),
        ("play-body", {"requestDetails": {"requestHash": body_hash(b"another")}}),
        ("play-time", {"requestDetails": {"timestampMillis": "1700000000000"}}),
        ("play-app", {"appIntegrity": {"appRecognitionVerdict": "UNRECOGNIZED_VERSION"}}),
        ("play-app", {"appIntegrity": {"packageName": "com.example"}}),
        ("play-certificate", {"appIntegrity": {"certificateSha256Digest": ["other"]}}),
        ("play-device", {"deviceIntegrity": {"deviceRecognitionVerdict": []}}),
        ("play-payload", {"deviceIntegrity": {"deviceRecognitionVerdict": 1}}),
    ],
)
def test_a_token_that_breaks_a_rule_is_refused_and_told_of_to_operators_alone(
    world: World, rule: str, changes: dict[str, Any]
) -> None:
    assert world.authorise(world.android.headers(BODY, **changes)) == {"isAuthorized": False}
    assert world.reasons() == [("attestation-bad", rule)]


def test_a_token_of_other_keys_or_of_another_time_is_refused(world: World) -> None:
    stranger = Android()
    forged = Android()
    forged.encrypting = world.android.encrypting
    plain = jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM"}, b"{}", OctKey.import_key(bytes(32))
    )
    for headers in (
        stranger.headers(BODY),
        forged.headers(BODY),
        attested(f"play-integrity {plain}", BODY),
        attested("play-integrity a.b", BODY),
        attested("play-integrity " + "a" * 9000, BODY),
    ):
        assert not world.authorise(headers)["isAuthorized"]
    told = ["jwe-key", "play-signature", "jwe-algorithm", "jwe-form", "jwe-form"]
    assert [reason for _, reason in world.reasons()] == told
    good = world.android.headers(BODY)
    world.now += timedelta(minutes=10, seconds=1)
    assert not world.authorise(good)["isAuthorized"]


def test_a_standard_request_is_bound_by_its_hash(world: World) -> None:
    details = {"nonce": "", "requestHash": body_hash(BODY)}
    assert world.authorise(world.android.headers(BODY, requestDetails=details))["isAuthorized"]


def test_observing_refuses_nothing_but_what_does_not_come_through_cloudfront(world: World) -> None:
    world.start(Mode.OBSERVE)
    for headers in ({}, attested("magic wand", BODY), attested("play-integrity x", BODY)):
        answer = world.authorise(headers)
        assert answer["isAuthorized"]
        assert answer["context"]["attestation"] == "bad"
        assert answer["context"]["attestationMode"] == "observe"
    assert world.authorise(world.android.headers(BODY))["context"]["attestation"] == "good"
    assert world.authorise(world.android.headers(BODY), "stranger") == {"isAuthorized": False}
    assert world.reasons() == [
        ("attestation-bad", "missing"),
        ("attestation-bad", "scheme"),
        ("attestation-bad", "jwe-form"),
        ("attestation-good", ""),
        ("origin-refused", ""),
    ]


def test_keys_that_are_not_installed_refuse_nobody_who_is_only_observed(world: World) -> None:
    aws.secretsmanager().put_secret_value(SecretId=world.play_keys, SecretString="none yet")
    headers = world.android.headers(BODY)
    with pytest.raises(Unavailable, match="not-installed"):
        world.authorise(headers)
    world.start(Mode.OBSERVE)
    assert world.authorise(headers)["context"]["attestation"] == "unknown"
    # Installed while an instance runs.
    aws.secretsmanager().put_secret_value(
        SecretId=world.play_keys, SecretString=world.android.installed()
    )
    assert world.authorise(headers)["context"]["attestation"] == "good"


def test_no_log_says_what_a_device_sent(world: World) -> None:
    headers = world.android.headers(BODY, requestDetails={"nonce": "canary"})
    world.authorise(headers)
    assert not any(
        told in world.log.getvalue() for told in ("canary", PACKAGE, headers["x-attested-body"])
    )
