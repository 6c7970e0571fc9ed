"""A fault at any call of an upload, then the app asks again, ends as if nothing had been."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.key_upload.world import World, said, sent_key, upload
from vigie import aws


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def _forget(world: World) -> None:
    """Empty both tables and start the function anew."""
    for item in world.stored():
        if "jti" in item:
            aws.dynamodb().delete_item(TableName="used-codes", Key={"jti": item["jti"]})
        else:
            place = {name: item[name] for name in ("shard", "key")}
            aws.dynamodb().delete_item(TableName="keys", Key=place)
    world.new_instance()


def _ended(world: World, answer: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """What the app is told in the end, and what is stored then."""
    told = said(answer)
    # It is sealed anew each time.
    assert told.pop("revisionToken")
    return told, sorted(world.stored(), key=repr)


@pytest.mark.parametrize("kind", Fault)
@pytest.mark.parametrize("known_before", [False, True])
def test_an_upload_is_stored_once_and_answered(
    world: World,
    kind: Fault,
    known_before: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    earlier = upload(world.code("B" * 22), sent_key(1))
    body = upload(world.code("A" * 22), sent_key(1), sent_key(2), sent_key(40))

    def begin() -> None:
        _forget(world)
        if known_before:
            body["revisionToken"] = world.publish(earlier)["revisionToken"]
            world.new_instance()

    begin()
    calls = Injector()
    with calls.switched_on():
        answer = world.post(body)
    expected = _ended(world, answer)
    assert "TransactWriteItems" in calls.made
    assert ("BatchGetItem" in calls.made) is known_before
    for place, name in enumerate(calls.made):
        begin()
        with suppress(Crash), Injector(place, kind).switched_on():
            # A write that is refused as it was anyway costs the app nothing.
            assert world.post(body)["statusCode"] in {200, 500}, name
        world.new_instance()
        assert _ended(world, world.post(body)) == expected, f"{kind} at {name}"
