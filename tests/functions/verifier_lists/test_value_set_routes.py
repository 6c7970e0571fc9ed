"""Value sets and countries that an operator publishes, by the calls that applications know."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.functions.verifier_lists.publisher import Publisher
from tests.functions.verifier_lists.world import World, trusted
from tests.unit.business_rules.making import rule_document
from vigie.dcc import value_sets
from vigie.dcc.value_sets import SetId

if TYPE_CHECKING:
    from pathlib import Path

_PRODUCT = SetId.PRODUCT.value


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that it is in
    return World()


@pytest.fixture
def publisher(world: World) -> Publisher:  # noqa: ARG001 - the bucket that it publishes into
    return Publisher()


def _hashes(world: World) -> dict[str, str]:
    return {one["id"]: one["hash"] for one in world.ask("GET", "/valuesets").json}


def test_the_shipped_value_sets_are_listed_and_each_has_its_hash(
    world: World, publisher: Publisher
) -> None:
    assert world.ask("GET", "/valuesets").problem == "list-unpublished"
    status, output = publisher.run("valuesets", "distribute")
    assert (status, "8 value sets of release 2.12.0" in output) == (0, True)
    answer = world.ask("GET", "/valuesets")
    assert answer.status == 200
    assert [one["id"] for one in answer.json] == sorted(SetId)
    publisher.check_signature(answer)
    assert world.ask("GET", "/valuesets", if_none_match=answer.headers["etag"]).status == 304
    digest = _hashes(world)[_PRODUCT]
    one = world.ask("GET", f"/valuesets/{digest}")
    assert hashlib.sha256(one.text.encode()).hexdigest() == digest
    assert one.json == value_sets.shipped().document(_PRODUCT)
    publisher.check_signature(one)
    assert world.ask("GET", f"/valuesets/{'0' * 64}").problem == "not-found"


def test_a_value_set_that_stays_keeps_its_hash_and_another_one_gets_its_own(
    world: World, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.run("valuesets", "distribute")
    before = _hashes(world)
    signature = world.ask("GET", f"/valuesets/{before[_PRODUCT]}").headers["x-signature"]
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    document["release"] = "2026-1"
    document["sets"]["disease-agent-targeted"]["date"] = "2026-11-24"
    release = tmp_path / "release.json"
    release.write_text(json.dumps(document), encoding="utf-8")
    assert publisher.run("valuesets", "publish", release)[0] == 0
    publisher.run("valuesets", "distribute")
    world.start()
    after = _hashes(world)
    assert {name for name in after if after[name] != before[name]} == {"disease-agent-targeted"}
    assert world.ask("GET", f"/valuesets/{after[_PRODUCT]}").headers["x-signature"] == signature
    bulk = publisher.payload("lists/valuesets.jws")
    assert (bulk["release"], len(bulk["sets"])) == ("2026-1", 8)


def test_countries_are_those_of_signers_and_of_rules(
    world: World, publisher: Publisher, tmp_path: Path
) -> None:
    assert world.ask("GET", "/countrylist").problem == "list-unpublished"
    world.publish(trusted("FI", b"certificate 1"), trusted("SE", b"certificate 2"))
    rule = tmp_path / "be.json"
    rule.write_text(json.dumps(rule_document(Country="BE", Identifier="GR-BE-0001")), "utf-8")
    publisher.run("rules", "import", rule, "--name", "neighbours")
    status, output = publisher.run("rules", "publish")
    assert (status, "1 rules, 3 countries" in output) == (0, True)
    answer = world.ask("GET", "/countrylist")
    assert answer.json == ["BE", "FI", "SE"]
    publisher.check_signature(answer)
    assert world.ask("GET", "/countrylist", if_none_match=answer.headers["etag"]).status == 304
    # The same countries are the same version.
    publisher.run("rules", "publish")
    world.start()
    assert world.ask("GET", "/countrylist").headers["etag"] == answer.headers["etag"]
