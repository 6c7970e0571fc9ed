"""The 2D-DOC of a record: who gets one, what it says, and that it is the same again."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from aws_lambda_powertools.metrics import Metrics
from PIL import Image

from tests.functions.resources import items
from tests.functions.twoddoc.world import World
from twoddoc_issuing.code_store import CodeStore
from vigie.person.identity import Identity
from vigie.results.codes import Outcome, Status
from vigie.twoddoc import code, verification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.twoddoc.stored_code import StoredCode

# Half past midnight in Paris.
_SAMPLED = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

_UNWRITABLE = Identity(family_name="李", given_names=("明",), birth_date="1980-05-12")


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()


def test_who_opens_the_link_gets_a_document_that_is_verified(world: World) -> None:
    signer = world.install()
    world.result(sampled_at=_SAMPLED)

    text = world.document()

    verified = verification.verify(text, [signer])
    assert verified.trusted, verified.failures
    assert verified.values == {
        "F0": "ELOISE/ANNE",
        "F1": "CANARY",
        "F2": "12051980",
        "F3": "U",
        "F4": "94500-6",
        "F5": "N",
        "F6": "221120260030",
    }
    assert verified.code is not None
    header = verified.code.header
    assert (header.authority, header.certificate, header.document_type) == ("FR03", "VIG1", "B2")


@pytest.mark.parametrize(
    ("changes", "letter"),
    [
        ({"outcome": Outcome.DETECTED}, "P"),
        ({"outcome": Outcome.INCONCLUSIVE}, "I"),
        ({"status": Status.NOT_OBTAINABLE, "outcome": Outcome.NOT_OBTAINABLE}, "X"),
    ],
)
def test_every_settled_outcome_has_one(world: World, changes: dict[str, Any], letter: str) -> None:
    world.result(**changes)

    assert f"F5{letter}F6" in world.document()


def test_it_is_signed_when_first_asked_for_and_the_same_ever_after(world: World) -> None:
    world.result()
    assert items("twoddoc") == []

    first = world.document()
    # Another certificate, another day, and a version of the result that says the same.
    world.install("VIG2")
    world.now += timedelta(days=2)
    world.access.result(version=2, contact_tag="c1.canary", testing_centre="Ailleurs")

    assert world.document() == first
    assert len(items("twoddoc")) == 1
    assert world.access.codes().count("document-signed") == 1


def test_of_two_that_ask_at_once_both_get_the_first_that_is_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.result()
    add, given = CodeStore.add, []

    def add_after_another(store: CodeStore, made: StoredCode) -> bool:
        monkeypatch.setattr(CodeStore, "add", add)
        given.append(world.document())
        return add(store, made)

    monkeypatch.setattr(CodeStore, "add", add_after_another)

    assert world.document() == given[0]


def test_a_result_that_changes_meanwhile_is_given_as_it_is_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.result()
    add = CodeStore.add

    def add_before_a_correction(store: CodeStore, made: StoredCode) -> bool:
        monkeypatch.setattr(CodeStore, "add", add)
        added = add(store, made)
        world.access.result(version=2, outcome=Outcome.DETECTED)
        return added

    monkeypatch.setattr(CodeStore, "add", add_before_a_correction)

    assert "F5PF6" in world.document()


def test_a_picture_of_it_is_read_back(world: World) -> None:
    world.result()
    text = world.document()

    answer = world.ask("image/webp, image/*;q=0.8")

    assert answer["headers"]["Content-Type"] == "image/png"
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(base64.b64decode(answer["body"]))))
    assert read.bytes.decode("ascii") == text
    drawn = world.ask("image/svg+xml")
    assert drawn["headers"]["Content-Type"] == "image/svg+xml"
    assert drawn["body"].startswith("<svg")
    assert drawn["headers"]["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": Status.PRELIMINARY}, "source-not-settled"),
        ({"status": Status.WITHDRAWN}, "source-not-settled"),
        (
            {"identity": Identity(family_name="李", given_names=("明",), birth_date="1980-05-12")},
            "",
        ),
        ({"loinc": "LP217198-3"}, "2d-doc-field"),
    ],
)
def test_what_it_cannot_say_is_not_said(world: World, changes: dict[str, Any], reason: str) -> None:
    world.result(**changes)

    answer = world.ask()

    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["type"].endswith("no-document")
    assert reason in world.access.log.getvalue()
    assert items("twoddoc") == []


def test_nothing_is_signed_without_a_certificate_that_is_valid(mocked_aws: None) -> None:
    del mocked_aws
    world = World(installed=False)
    world.result()
    assert world.ask()["statusCode"] == 409
    assert "not-configured" in world.access.log.getvalue()

    world.install(days=30)
    world.document()
    assert "signer-ending" in world.access.codes()
    world.access.result(version=2, outcome=Outcome.DETECTED)
    world.now += timedelta(days=31)
    world.access.grant(expires_at=world.now + timedelta(days=1))
    answer = world.ask()
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"birth_date": "1980-05-13"}, 403),
        ({"token": "unknown"}, 403),
        ({"source_id": "750000001-other"}, 409),
        ({"source_id": "V-other"}, 409),
        ({"accept": "application/pdf"}, 406),
        ({"body": "{"}, 400),
        ({"other": 1}, 422),
    ],
)
def test_what_is_refused(world: World, changes: dict[str, Any], status: int) -> None:
    world.result()

    answer = world.ask(**changes)

    assert answer["statusCode"] == status
    assert "canary" not in answer["body"].lower()


def test_the_text_is_sealed_where_it_is_kept(world: World) -> None:
    world.result()
    text = world.document()
    [item] = items("twoddoc")

    assert b"CANARY" not in item["text"]["B"]
    assert bytes(item["fingerprint"]["B"]) == code.fingerprint(text)
