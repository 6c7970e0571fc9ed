"""AWS in process: small fixtures that each test builds its own resources with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.functions.interruption import one_call_at_a_time
from tests.functions.kms_signing import digests_signed
from vigie import aws

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-west-3"


@pytest.fixture(scope="module")
def _clients() -> Iterator[None]:
    """One set of clients for a module: making them takes longer than the tests."""
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def mocked_aws(monkeypatch: pytest.MonkeyPatch, _clients: None) -> Iterator[None]:
    """An AWS account with nothing in it, and the environment of a function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "vigie-test")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    with mock_aws(), digests_signed(), one_call_at_a_time():
        yield
