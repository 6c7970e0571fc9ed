"""A world of AWS in process for each test."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.functions.certificate_signing.world import REGION, World
from vigie import aws


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "test")
    aws.forget_clients()
    with mock_aws():
        yield World()
    aws.forget_clients()
