"""Keys of App Attest are registered, and vouch for requests."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import cbor2
import pytest

from tests.functions.attestation.devices import NOW, Apple, IPhone, attested
from tests.functions.attestation.world import BODY, CHALLENGE, KEYS
from tests.functions.resources import items
from vigie import aws
from vigie.tracing.base64_text import decoded

if TYPE_CHECKING:
    from tests.functions.attestation.world import World


def registered(world: World) -> IPhone:
    """A phone whose key is registered."""
    phone = IPhone(world.apple)
    challenge = world.challenge()
    answer = world.register(phone, challenge, phone.attestation(decoded(challenge) or b""))
    assert answer["statusCode"] == 201, answer
    assert json.loads(answer["body"]) == {"expiresAt": "2027-02-21T00:00:00+00:00"}
    return phone


def test_a_registered_key_vouches_for_body_after_body(world: World) -> None:
    phone = registered(world)
    first, second = phone.headers(BODY), phone.headers(b"other")
    for headers in (first, second, second):
        # A request whose answer was lost is sent again as it was.
        answer = world.authorise(headers)
        assert answer["context"]["attestation"] == "good"
        assert answer["context"]["bodySha256"] == headers["x-attested-body"]
    assert not world.authorise(first)["isAuthorized"]
    assert world.reasons()[-1] == ("attestation-bad", "counter")


def test_a_key_is_known_in_the_moment_after_it_was_registered(world: World) -> None:
    phone = registered(world)
    consistent: list[object] = []

    def note(params: dict[str, object], **_: object) -> None:
        consistent.append(params.get("ConsistentRead"))

    event = "provide-client-params.dynamodb.GetItem"
    aws.dynamodb().meta.events.register(event, note)
    try:
        assert world.authorise(phone.headers(BODY))["isAuthorized"]
    finally:
        aws.dynamodb().meta.events.unregister(event, note)
    assert consistent == [True]


def test_what_is_kept_of_a_device_is_its_key_a_counter_and_an_end(world: World) -> None:
    phone = registered(world)
    world.now += timedelta(hours=5)
    world.authorise(phone.headers(BODY))
    (item,) = items("device-keys")
    assert set(item) == {"key_id", "public_key", "counter", "expires_at", "schema"}
    assert item["counter"] == {"N": "1"}
    # The end is that of a day, and does not move with use.
    assert int(item["expires_at"]["N"]) % 86_400 == 0
    assert phone.key_id not in world.log.getvalue()


def test_registering_again_does_not_turn_the_counter_back(world: World) -> None:
    phone = IPhone(world.apple)
    challenge = world.challenge()
    attestation = phone.attestation(decoded(challenge) or b"")
    assert world.register(phone, challenge, attestation)["statusCode"] == 201
    first = phone.headers(BODY)
    assert world.authorise(first)["isAuthorized"]
    assert world.authorise(phone.headers(BODY))["isAuthorized"]
    assert world.register(phone, challenge, attestation)["statusCode"] == 201
    assert not world.authorise(first)["isAuthorized"]


def test_a_key_is_forgotten_at_its_end(world: World) -> None:
    phone = registered(world)
    world.now = NOW + timedelta(days=90)
    assert not world.authorise(phone.headers(BODY))["isAuthorized"]
    assert world.reasons()[-1] == ("attestation-bad", "key-unknown")


def test_an_assertion_is_of_this_body_this_key_and_this_app(world: World) -> None:
    phone, other = registered(world), registered(world)
    for headers, reason in (
        ({}, "missing"),
        ({**phone.headers(BODY), "x-attested-body": "short"}, "body-hash"),
        (
            {**phone.headers(BODY), "x-attested-body": attested("", b"o")["x-attested-body"]},
            "assertion-signature",
        ),
        (_named(phone.headers(BODY), other.key_id), "assertion-signature"),
        (_named(phone.headers(BODY), "x"), "key-id"),
        (attested(f"app-attest {phone.key_id} AAAA", BODY), "assertion-form"),
        (attested(f"app-attest {phone.key_id} {'A' * 2000}", BODY), "assertion-form"),
        (IPhone(world.apple).headers(BODY), "key-unknown"),
    ):
        assert world.authorise(headers) == {"isAuthorized": False}
        assert world.reasons()[-1] == ("attestation-bad", reason)
    elsewhere = IPhone(world.apple, "TEAM.other")
    elsewhere.key, elsewhere.key_id = phone.key, phone.key_id
    assert not world.authorise(elsewhere.headers(BODY))["isAuthorized"]
    assert world.reasons()[-1] == ("attestation-bad", "assertion-app")


def _named(headers: dict[str, str], key_id: str) -> dict[str, str]:
    scheme, _, made = headers["x-attestation"].split(" ")
    return {**headers, "x-attestation": f"{scheme} {key_id} {made}"}


def test_an_attestation_that_breaks_a_rule_is_refused_alike(world: World) -> None:
    challenge = world.challenge()
    bare = decoded(challenge) or b""
    phone, other = IPhone(world.apple), IPhone(world.apple)
    stranger = IPhone(Apple())
    ended = IPhone(world.apple)
    mixed = IPhone(Apple())
    mixed._apple.intermediate = world.apple.intermediate
    for refused, attestation, rule in (
        (phone, phone.attestation(b"other"), "attestation-nonce"),
        (other, phone.attestation(bare), "attestation-key"),
        (stranger, stranger.attestation(bare), "attestation-chain"),
        (mixed, mixed.attestation(bare), "attestation-chain"),
        (IPhone(world.apple, "TEAM.other"), None, "attestation-app"),
        (phone, phone.attestation(bare, counter=1), "attestation-counter"),
        (phone, phone.attestation(bare, aaguid=b"appattestdevelop"), "attestation-aaguid"),
        (phone, "AAAA", "attestation-form"),
        (phone, "!", "attestation-form"),
    ):
        answer = world.register(refused, challenge, attestation or refused.attestation(bare))
        assert answer["statusCode"] == 403
        assert json.loads(answer["body"])["type"] == "urn:vigie:problem:not-attested"
        assert world.reasons()[-1] == ("key-refused", rule)
    world.now += timedelta(days=800)
    later = world.challenge()
    answer = world.register(ended, later, ended.attestation(decoded(later) or b""))
    assert answer["statusCode"] == 403
    assert world.reasons()[-1] == ("key-refused", "attestation-chain")
    assert not items("device-keys")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        pytest.param("a003020102", "a003020105", id="a version that X.509 does not have"),
        pytest.param("2b81040022", "2b81040020", id="a curve that is not supported"),
    ],
)
def test_a_certificate_that_cannot_be_read_is_malformed(
    world: World, written: str, instead: str
) -> None:
    phone, challenge = IPhone(world.apple), world.challenge()
    document = cbor2.loads(base64.b64decode(phone.attestation(decoded(challenge) or b"")))
    statement = document["attStmt"]
    changed = statement["x5c"][1].replace(bytes.fromhex(written), bytes.fromhex(instead))
    assert changed != statement["x5c"][1]
    statement["x5c"][1] = changed
    answer = world.register(phone, challenge, base64.b64encode(cbor2.dumps(document)).decode())
    assert answer["statusCode"] == 403
    assert world.reasons()[-1] == ("key-refused", "attestation-form")


def test_a_challenge_is_ours_and_ends(world: World) -> None:
    phone, challenge = IPhone(world.apple), world.challenge()
    attestation = phone.attestation(decoded(challenge) or b"")
    forged = challenge[:-1] + ("A" if challenge[-1] != "A" else "Q")
    assert world.register(phone, forged, attestation)["statusCode"] == 403
    world.now += timedelta(minutes=5, seconds=1)
    assert world.register(phone, challenge, attestation)["statusCode"] == 403
    assert world.reasons()[1:] == [("key-refused", "challenge")] * 2


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("{}", 422), ('{"keyId": 1}', 422), ("x" * 20_001, 413)],
)
def test_what_is_no_registration_is_told_so(world: World, body: str, status: int) -> None:
    assert world.ask(KEYS, body)["statusCode"] == status


def test_nothing_else_is_there(world: World) -> None:
    assert world.ask("/v1/attestation")["statusCode"] == 404
    assert world.ask(CHALLENGE)["headers"]["Cache-Control"] == "no-store"
