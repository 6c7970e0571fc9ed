"""A world of AWS in process for each test."""

import pytest

from tests.functions.certificate_signing.world import World


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()
