"""A world of AWS in process for each test."""

from collections.abc import Iterator

import pytest
from aws_lambda_powertools.metrics import Metrics

from tests.functions.venues.world import World


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()
