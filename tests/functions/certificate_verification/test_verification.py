"""`POST /v1/certificates/verify`: what a verifier is told, and what is refused."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from typing import Any

import pytest

from certificate_verification.description import ToldVerification
from cli.twoddoc_trust import publish_code_trust
from tests.functions.certificate_verification.world import NOW, World
from tests.unit.business_rules.making import rule_document
from tests.unit.dcc.issuing import EXPIRES, issuer_of, negative_test
from tests.unit.twoddoc.issuing import two_d_doc
from vigie import aws
from vigie.business_rules.rule import RuleDocument
from vigie.business_rules.rule_list import RULES, RULES_FILE, ListedRule, RuleList
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import hcert, value_sets
from vigie.lists.publication import ListFile
from vigie.revocation.hashes import HashType, of_certificate
from vigie.revocation.slices import Revoked
from vigie.trust.signer_list import SIGNERS_FILE, TRUST
from vigie.twoddoc import code
from vigie.twoddoc.code_trust import CertifiedCertificate, CodeTrust
from vigie.twoddoc.revoked_codes import RevokedCodes


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that it is in
    return World()


def _checks(told: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {check["name"]: check["state"] for check in told["checks"]}


def _problem(answer: tuple[int, Any]) -> tuple[int, str]:
    status, told = answer
    return status, told["type"].removeprefix("urn:vigie:problem:")


def test_a_certificate_is_verified_and_each_check_named(world: World) -> None:
    world.publish()

    status, told = world.ask({"certificate": world.text, "country": "FR", "language": "fr"})

    assert (status, told["trusted"]) == (200, True)
    states = _checks(told)
    assert set(states.values()) == {"passed"}
    assert {rule["identifier"] for rule in told["rules"]} >= {"TR-FR-0003", "GR-FR-0001"}
    assert told["rules"][0]["description"].startswith("Le certificat")
    assert told["certificate"]["content"]["nam"]["fn"] == "Lefèvre-d'Aubigné"
    assert told["signer"]["subject"] == "CN=DSC 1,O=Vigie,C=FR"


def test_the_time_and_the_country_decide(world: World) -> None:
    world.publish()
    late = (NOW + timedelta(days=4)).isoformat()

    _, told = world.ask({"certificate": world.text, "country": "FR", "at": late})
    assert (told["trusted"], _checks(told)["business rules"]) == (False, "failed")
    _, told = world.ask({"certificate": world.text, "at": late})
    assert (told["trusted"], _checks(told)["business rules"]) == (True, "not asked")


def test_published_rules_replace_the_shipped_ones_and_given_ones_both(world: World) -> None:
    world.publish()
    fields = rule_document(Identifier="GR-FR-0009", ValidFrom="2021-01-01T00:00:00Z")
    document = RuleDocument.read(json.dumps(fields).encode())
    listed = ListedRule(
        identifier="GR-FR-0009",
        version="1.0.0",
        country="FR",
        hash=document.hash,
        content=document.content.decode(),
        signature="",
    )
    file = ListFile(RuleList(rules=(listed,)).model_dump_json().encode())
    world.bucket.publish(RULES, {RULES_FILE: file}, NOW, replaced=None)
    request = {"certificate": world.text, "country": "FR"}

    def rules(**more: object) -> list[str]:
        return [rule["identifier"] for rule in world.ask({**request, **more})[1]["rules"]]

    assert rules() == ["GR-FR-0009"]
    assert rules(rules=[fields | {"Identifier": "GR-FR-0010"}]) == ["GR-FR-0010"]


def test_what_was_never_published_as_revoked_leaves_it_open(mocked_aws: None) -> None:  # noqa: ARG001
    world = World(revocations=False)
    world.publish()
    request = {"certificate": world.text}

    _, told = world.ask(request)
    assert (told["trusted"], _checks(told)["revocation"]) == (False, "open")
    assert told["checks"][-2]["rule"] == "revocations-unpublished"
    world.revoke()
    assert world.ask(request)[1]["trusted"]


def test_a_revoked_certificate_is_not_let_through_under_another_kid_of_its_key(
    world: World,
) -> None:
    issuer = issuer_of()
    world.publish(issuer.der, issuer.again.der)
    texts = issuer.issue_unprotected(negative_test())
    signatures = {of_certificate(hcert.read(text))[HashType.SIGNATURE] for text in texts}
    world.revoke(*(Revoked(HashType.SIGNATURE, hashed, EXPIRES) for hashed in signatures))

    for text in texts:
        checks = _checks(world.ask({"certificate": text})[1])
        assert (checks["signature"], checks["revocation"]) == ("passed", "failed")


@pytest.mark.parametrize("hash_type", HashType)
def test_what_is_published_as_revoked_is_not_trusted(world: World, hash_type: HashType) -> None:
    world.publish()
    request = {"certificate": world.text}
    assert _checks(world.ask(request)[1])["revocation"] == "passed"

    hashes = of_certificate(hcert.read(world.text))
    world.revoke(Revoked(hash_type, hashes[hash_type], EXPIRES))
    world.seconds += 301
    _, told = world.ask(request)
    assert (told["trusted"], _checks(told)["revocation"]) == (False, "failed")

    world.revoke(Revoked(hash_type, bytes(16), EXPIRES))
    world.seconds += 301
    assert world.ask(request)[1]["trusted"]


def test_a_slice_that_is_missing_is_not_taken_for_empty(world: World) -> None:
    world.publish()
    hashed = of_certificate(hcert.read(world.text))[HashType.UCI]
    world.revoke(Revoked(HashType.UCI, hashed, EXPIRES))
    for key in _objects("revocation"):
        if key.startswith("slices/"):
            aws.s3().delete_object(Bucket="revocation", Key=key)

    assert _problem(world.ask({"certificate": world.text})) == (503, "unavailable")


def test_what_is_revoked_is_read_once_for_many_certificates(world: World) -> None:
    world.publish()
    world.revoke(Revoked(HashType.UCI, bytes(16), EXPIRES))
    assert world.ask({"certificate": world.text})[1]["trusted"]
    for key in _objects("revocation"):
        aws.s3().delete_object(Bucket="revocation", Key=key)

    assert world.ask({"certificate": world.text})[1]["trusted"]


def test_the_value_sets_in_force_are_followed(world: World) -> None:
    world.publish()
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    document["release"] = "without-france"
    for part in document["sets"]["country-2-codes"]["parts"]:
        part["codes"].pop("FR", None)
    ValueSetReleases(aws.s3(), "value-sets").publish(json.dumps(document).encode())

    _, told = world.ask({"certificate": world.text})
    assert (told["trusted"], _checks(told)["value sets"]) == (False, "failed")


def test_a_certificate_of_nobody_known_is_an_answer_and_no_problem(world: World) -> None:
    world.publish(issuer_of("v").der)

    status, told = world.ask({"certificate": world.text, "country": "FR"})

    assert (status, told["trusted"]) == (200, False)
    assert _checks(told)["kid known"] == "failed"
    assert (told["certificate"], told["signer"], told["rules"]) == (None, None, [])


def test_a_signer_that_cannot_be_read_does_not_shut_out_the_others(world: World) -> None:
    world.publish(b"no certificate", issuer_of().der)

    assert world.ask({"certificate": world.text})[1]["trusted"]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("{", 400, "body-unreadable"),
        ("", 422, "body-invalid"),
        ("[]", 422, "body-invalid"),
        ({"certificate": 1}, 422, "body-invalid"),
        ({"certificate": "HC1:" + "A" * 4300}, 422, "body-invalid"),
        ({"certificate": "HC1:", "country": "France"}, 422, "body-invalid"),
        ({"certificate": "HC1:", "at": "2021-07-01T00:00:00"}, 422, "body-invalid"),
        ({"certificate": "HC1:", "name": "Zoé"}, 422, "body-invalid"),
        ({"certificate": "HC1:", "rules": [{}] * 11}, 422, "body-invalid"),
        ({"certificate": "HC1:", "country": "FR", "rules": [{}]}, 422, "rule-malformed"),
        ({"certificate": "x" * 200_000}, 413, "body-too-large"),
    ],
)
def test_what_is_no_request_is_refused(world: World, body: object, status: int, name: str) -> None:
    world.publish()
    answer = world.ask(body)
    assert _problem(answer) == (status, name)
    assert "Zoé" not in str(answer)


def test_without_a_trust_list_nothing_is_verified(world: World) -> None:
    assert _problem(world.ask({"certificate": world.text})) == (503, "list-unpublished")
    assert _problem(world.ask({}, "GET /v1/certificates")) == (404, "not-found")


@pytest.mark.parametrize(("name", "file"), [(TRUST, SIGNERS_FILE), (RULES, RULES_FILE)])
@pytest.mark.parametrize("content", ["[", '{"rules": [{}], "signers": [{}]}'])
def test_a_broken_list_is_not_the_fault_of_who_asks(
    world: World, name: str, file: str, content: str
) -> None:
    world.publish()
    replaced = world.bucket.current(name)
    world.bucket.publish(name, {file: ListFile(content.encode())}, NOW, replaced=replaced)

    assert _problem(world.ask({"certificate": world.text, "country": "FR"})) == (503, "unavailable")


def test_a_2d_doc_is_verified_by_who_is_certified_and_looked_up(world: World) -> None:
    text, der = two_d_doc()
    assert _problem(world.ask({"certificate": text})) == (503, "list-unpublished")
    listed = CodeTrust(
        sequence=1,
        issued_at=NOW,
        authorities=(),
        signers=(
            CertifiedCertificate(authority="FR03", certificate=base64.b64encode(der).decode()),
        ),
    )
    publish_code_trust(world.bucket, listed, NOW)
    world.seconds += 3600

    status, answer = world.ask({"certificate": text})

    assert (status, answer["trusted"]) == (200, True)
    assert {check["name"]: check["state"] for check in answer["checks"]}["revocation"] == "passed"
    assert answer["certificate"]["container"] == "2D-DOC B2"
    assert ToldVerification.model_validate_json(json.dumps(answer)).trusted
    fingerprint = code.fingerprint(text)
    RevokedCodes(aws.s3(), "lists").settle(lambda: {fingerprint: date(2030, 1, 1)}, NOW.date())
    world.seconds += 3600
    _, answer = world.ask({"certificate": text})
    assert not answer["trusted"]
    assert answer["checks"][-1] == {
        "name": "revocation",
        "state": "failed",
        "rule": "revoked",
        "reason": "its issuer revoked it",
    }


def test_nothing_is_kept_and_nothing_personal_logged(world: World) -> None:
    world.publish()
    before = _objects()

    world.ask({"certificate": world.text, "country": "FR"})
    world.ask({"certificate": world.text, "country": "DE"})

    assert _objects() == before
    log = world.log.getvalue()
    assert "rules-none" in log
    for personal in ("Lef", "Zo", "1988", "URN:UVCI", world.text[:40]):
        assert personal not in log


def _objects(bucket: str = "lists") -> list[str]:
    answer = aws.s3().list_objects_v2(Bucket=bucket)
    return [one["Key"] for one in answer.get("Contents", [])]
