"""A world for each test."""

import pytest

from tests.functions.key_export.world import World
from vigie.tracing import release


@pytest.fixture
def world(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    # An hour of 16 shards takes as many calls, which all do the same.
    monkeypatch.setattr(release, "SHARDS", 1)
    return World()
