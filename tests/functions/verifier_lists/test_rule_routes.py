"""Rules that an operator imports and publishes, by the calls that verifier applications know."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from typer.testing import CliRunner

from cli.main import app
from tests.functions.verifier_lists.world import World
from tests.unit.business_rules.making import rule_document
from vigie import aws
from vigie.business_rules.shipped import french

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functions.verifier_lists.world import Answer

_PREFIX = "/vigie/test"


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that it is in
    found = World()
    for name, value in {"buckets/verifier-lists": "lists", "keys/lists": _key()}.items():
        aws.ssm().put_parameter(Name=f"{_PREFIX}/{name}", Value=value, Type="String")
    return found


def _key() -> str:
    made = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return made["KeyMetadata"]["Arn"]


def _run(*arguments: str | Path) -> tuple[int, str]:
    command = ["rules", *map(str, arguments), "--environment", "test"]
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
    return answer.exit_code, answer.output


def _check_signature(answer: Answer) -> None:
    """As dgca-verifier-service's applications do: over the hash of the body, as text."""
    arn = aws.ssm().get_parameter(Name=f"{_PREFIX}/keys/lists")["Parameter"]["Value"]
    key = load_der_public_key(aws.kms().get_public_key(KeyId=arn)["PublicKey"])
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = hashlib.sha256(answer.text.encode()).hexdigest().encode()
    signature = base64.b64decode(answer.headers["x-signature"])
    key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))


def test_the_shipped_rules_are_listed_and_each_has_its_hash(world: World) -> None:
    assert world.ask("GET", "/rules").problem == "list-unpublished"
    status, output = _run("publish")
    assert (status, "13 rules" in output) == (0, True)
    answer = world.ask("GET", "/rules")
    assert answer.status == 200
    assert {one["hash"] for one in answer.json} == {document.hash for document in french()}
    _check_signature(answer)
    assert world.ask("GET", "/rules", if_none_match=answer.headers["etag"]).status == 304
    for one in answer.json:
        assert one.keys() == {"identifier", "version", "country", "hash"}
    first = answer.json[0]
    rule = world.ask("GET", f"/rules/FR/{first['hash']}")
    assert hashlib.sha256(rule.text.encode()).hexdigest() == first["hash"]
    assert rule.json["Identifier"] == first["identifier"]
    _check_signature(rule)


def test_imported_rules_are_listed_by_country_and_keep_their_bytes(
    world: World, tmp_path: Path
) -> None:
    content = json.dumps(rule_document(Country="BE", Identifier="GR-BE-0001"), indent=7)
    (tmp_path / "be.json").write_text(content, encoding="utf-8")
    (tmp_path / "fr.json").write_text(json.dumps(rule_document()), encoding="utf-8")

    status, output = _run("import", tmp_path, "--name", "neighbours")
    assert (status, "2 rules imported" in output) == (0, True)
    assert "GR-FR-0001: AffectedFields" not in output
    _run("publish")

    belgian = world.ask("GET", "/rules/BE")
    _check_signature(belgian)
    (listed,) = belgian.json
    assert world.ask("GET", f"/rules/BE/{listed['hash']}").text == content
    assert world.ask("GET", f"/rules/FR/{listed['hash']}").problem == "not-found"
    assert world.ask("GET", "/rules/XX").json == []
    assert len(world.ask("GET", "/rules").json) == 2
    assert "GR-BE-0001" in _run("show")[1]
    assert _run("forget", "--name", "neighbours")[0] == 0
    _run("publish")
    world.seconds = 61
    assert {one["country"] for one in world.ask("GET", "/rules").json} == {"FR"}


def test_what_is_no_rule_is_not_imported(world: World, tmp_path: Path) -> None:
    logic = {"===": [{"var": "payload.v.0.dn"}, 1]}
    (tmp_path / "a.json").write_text(json.dumps(rule_document(Logic=logic)), encoding="utf-8")
    status, output = _run("import", tmp_path, "--name", "own")
    assert (status, "AffectedFields leaves out v.0.dn" in output) == (0, True)
    (tmp_path / "b.json").write_text(json.dumps(rule_document(Engine="OTHER")), encoding="utf-8")
    status, output = _run("import", tmp_path, "--name", "own")
    assert (status, "b.json: rule-schema: Engine" in output) == (1, True)
    assert world.bucket.sources("rules") == ["own"]


def test_signatures_of_rules_that_stay_are_kept(world: World) -> None:
    _run("publish")
    path = f"/rules/FR/{world.ask('GET', '/rules').json[0]['hash']}"
    before = world.ask("GET", path).headers["x-signature"]
    _run("publish")
    world.start()
    assert world.ask("GET", path).headers["x-signature"] == before
