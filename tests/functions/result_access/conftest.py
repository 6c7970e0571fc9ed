"""A world of AWS in process for each test."""

from collections.abc import Iterator

import pytest
from aws_lambda_powertools.metrics import Metrics
from moto import mock_aws

from tests.functions.result_access.world import REGION, World
from vigie import aws


@pytest.fixture(scope="module", autouse=True)
def _clients() -> Iterator[None]:
    """One set of clients for a module: making them takes longer than the tests."""
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield World()
    Metrics(namespace="test", service="test").clear_metrics()
