"""A world for each test."""

import pytest

from tests.functions.statistics_publication.world import World


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()
