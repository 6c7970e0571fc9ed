"""A world for each test."""

from __future__ import annotations

import pytest

from tests.functions.federation.gateway_double import kept_served
from tests.functions.federation.world import World
from vigie.tracing import release


@pytest.fixture
def world(
    mocked_aws: None,  # noqa: ARG001 - the account that the world is in
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    # An hour of 16 shards takes as many calls, which all do the same.
    monkeypatch.setattr(release, "SHARDS", 2)
    return World(kept_served())
