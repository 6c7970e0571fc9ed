"""A new account for each test."""

from __future__ import annotations

import pytest

from tests.functions.person_linkage.world import World


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    """The function and its tables."""
    return World()
