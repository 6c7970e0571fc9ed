"""A document is revoked with the result that it was made from, and verifiers are told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.metrics import Metrics

from tests.functions.resources import drained, items, objects
from tests.functions.twoddoc.world import BUCKET, World, changed
from twoddoc_revocation.code_store import CodeStore
from vigie import aws
from vigie.results.codes import Outcome, Status
from vigie.twoddoc import code
from vigie.twoddoc.revoked_codes import REVOKED_FILE, RevokedCodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_DAY = datetime.fromtimestamp(2_000_000_000, UTC).date()


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()


def _listed() -> dict[str, str]:
    found: dict[str, str] = json.loads(objects(BUCKET)[REVOKED_FILE])["revoked"]
    return found


@pytest.mark.parametrize(
    "change", [{"outcome": Outcome.DETECTED}, {"status": Status.WITHDRAWN}, {"loinc": "LP217198-3"}]
)
def test_what_a_result_no_longer_says_is_revoked_and_listed(
    world: World, change: dict[str, Any]
) -> None:
    world.result()
    text = world.document()
    told = changed(world.access.result(version=2, **change))

    assert world.revoke([told]) == []

    assert _listed() == {code.fingerprint(text).hex(): _LAST_DAY.isoformat()}
    assert RevokedCodes(aws.s3(), BUCKET).is_revoked(text)
    [item] = items("twoddoc")
    assert item["revoked_at"]["S"] == world.now.isoformat()
    assert world.revoke([told, told]) == []
    assert world.access.codes().count("document-revoked") == 1


def test_a_document_holds_again_when_the_result_says_again_what_it_says(world: World) -> None:
    world.result()
    first = world.document()
    world.revoke([changed(world.access.result(version=2, outcome=Outcome.DETECTED))])
    second = world.document()
    told = changed(world.access.result(version=3))
    # Its text is revoked until the message is handled.
    assert world.ask()["statusCode"] == 503

    assert world.revoke([told]) == []

    assert world.document() == first != second
    assert list(_listed()) == [code.fingerprint(second).hex()]


def test_who_was_held_up_sees_what_has_become_of_the_result(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.result()
    text = world.document()
    told = changed(world.access.result(version=2, outcome=Outcome.DETECTED))
    revoke = CodeStore.revoke

    def revoke_late(store: CodeStore, *arguments: Any) -> bool:  # noqa: ANN401 - as they come
        monkeypatch.setattr(CodeStore, "revoke", revoke)
        world.access.result(version=3)
        return revoke(store, *arguments)

    monkeypatch.setattr(CodeStore, "revoke", revoke_late)

    assert world.revoke([told]) == []
    assert world.document() == text


def test_a_change_that_the_document_does_not_tell_leaves_it(world: World) -> None:
    world.result()
    world.document()
    told = changed(world.access.result(version=2, testing_centre="Ailleurs"))

    assert world.revoke([told, told.replace("750000001-abc", "750000001-other")]) == []

    assert REVOKED_FILE not in objects(BUCKET)
    assert "revoked_at" not in items("twoddoc")[0]


def test_who_dies_before_the_list_is_written_lists_it_when_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.result()
    text = world.document()
    told = changed(world.access.result(version=2, outcome=Outcome.DETECTED))
    with monkeypatch.context() as broken:
        broken.setattr(RevokedCodes, "_put", lambda *_: False)
        assert world.revoke([told]) == [told]

    assert world.revoke([told]) == []
    assert list(_listed()) == [code.fingerprint(text).hex()]


def test_what_nobody_keeps_any_more_is_taken_off(world: World) -> None:
    del world
    revoked = RevokedCodes(aws.s3(), BUCKET)
    revoked.settle(lambda: {bytes(32): date(2026, 11, 1)}, date(2026, 10, 1))
    revoked.settle(lambda: {bytes([1] * 32): date(2026, 12, 1)}, date(2026, 11, 2))

    assert list(_listed()) == ["01" * 32]


def test_a_message_that_is_none_of_the_queue_is_kept_with_its_reason(world: World) -> None:
    assert world.revoke(["{}"]) == []
    assert drained(world.dead_letters) == ["{}"]
