"""Rules that an operator imports and publishes, by the calls that verifier applications know."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from cli import rule_publishing
from tests.functions.verifier_lists.publisher import Publisher
from tests.functions.verifier_lists.world import World
from tests.unit.business_rules.making import rule_document
from vigie.business_rules.rule_list import MAX_RULES
from vigie.business_rules.shipped import french

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that it is in
    return World()


@pytest.fixture
def publisher(world: World) -> Publisher:  # noqa: ARG001 - the bucket that it publishes into
    return Publisher()


def test_the_shipped_rules_are_listed_and_each_has_its_hash(
    world: World, publisher: Publisher
) -> None:
    assert world.ask("GET", "/rules").problem == "list-unpublished"
    status, output = publisher.run("rules", "publish")
    assert (status, f"{len(french())} rules" in output) == (0, True)
    answer = world.ask("GET", "/rules")
    assert answer.status == 200
    assert {one["hash"] for one in answer.json} == {document.hash for document in french()}
    publisher.check_signature(answer)
    assert world.ask("GET", "/rules", if_none_match=answer.headers["etag"]).status == 304
    for one in answer.json:
        assert one.keys() == {"identifier", "version", "country", "hash"}
    first = answer.json[0]
    rule = world.ask("GET", f"/rules/FR/{first['hash']}")
    assert hashlib.sha256(rule.text.encode()).hexdigest() == first["hash"]
    assert rule.json["Identifier"] == first["identifier"]
    publisher.check_signature(rule)


def test_imported_rules_are_listed_by_country_and_keep_their_bytes(
    world: World, publisher: Publisher, tmp_path: Path
) -> None:
    content = json.dumps(rule_document(Country="BE", Identifier="GR-BE-0001"), indent=7)
    (tmp_path / "be.json").write_text(content, encoding="utf-8")
    (tmp_path / "fr.json").write_text(json.dumps(rule_document()), encoding="utf-8")

    status, output = publisher.run("rules", "import", tmp_path, "--name", "neighbours")
    assert (status, "2 rules imported" in output) == (0, True)
    assert "GR-FR-0001: AffectedFields" not in output
    publisher.run("rules", "publish")

    belgian = world.ask("GET", "/rules/BE")
    publisher.check_signature(belgian)
    (listed,) = belgian.json
    assert world.ask("GET", f"/rules/BE/{listed['hash']}").text == content
    assert world.ask("GET", f"/rules/FR/{listed['hash']}").problem == "not-found"
    assert world.ask("GET", "/rules/XX").json == []
    assert len(world.ask("GET", "/rules").json) == 2
    assert "GR-BE-0001" in publisher.run("rules", "show")[1]
    assert publisher.run("rules", "forget", "--name", "neighbours")[0] == 0
    publisher.run("rules", "publish")
    world.seconds = 61
    assert {one["country"] for one in world.ask("GET", "/rules").json} == {"FR"}


def test_what_is_no_rule_is_not_imported(
    world: World, publisher: Publisher, tmp_path: Path
) -> None:
    logic = {"===": [{"var": "payload.v.0.dn"}, 1]}
    (tmp_path / "a.json").write_text(json.dumps(rule_document(Logic=logic)), encoding="utf-8")
    status, output = publisher.run("rules", "import", tmp_path, "--name", "own")
    assert (status, "AffectedFields leaves out v.0.dn" in output) == (0, True)
    (tmp_path / "b.json").write_text(json.dumps(rule_document(Engine="OTHER")), encoding="utf-8")
    status, output = publisher.run("rules", "import", tmp_path, "--name", "own")
    assert (status, "b.json: rule-schema: Engine" in output) == (1, True)
    assert world.bucket.sources("rules") == ["own"]


def test_signatures_of_rules_that_stay_are_kept(world: World, publisher: Publisher) -> None:
    publisher.run("rules", "publish")
    path = f"/rules/FR/{world.ask('GET', '/rules').json[0]['hash']}"
    before = world.ask("GET", path).headers["x-signature"]
    publisher.run("rules", "publish")
    world.start()
    assert world.ask("GET", path).headers["x-signature"] == before


def test_all_rules_are_one_signed_file_of_what_a_function_may_answer(
    world: World, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.run("rules", "publish")
    told = world.ask("GET", "/rules")
    bulk = publisher.payload("lists/rules.jws")
    assert [one["hash"] for one in bulk["rules"]] == [one["hash"] for one in told.json]
    # Lambda answers 6 MB at most.
    longest = max(len(json.dumps(one)) for one in told.json) + 100
    assert longest * MAX_RULES < 6_000_000
    monkeypatch.setattr(rule_publishing, "MAX_RULES", 12)
    status, output = publisher.run("rules", "publish")
    assert (status, "rules-count" in output) == (1, True)
