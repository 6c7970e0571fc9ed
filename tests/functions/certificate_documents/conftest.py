"""A world of AWS in process for each test."""

from collections.abc import Iterator

import pytest
from aws_lambda_powertools.metrics import Metrics

from tests.functions.certificate_documents.world import DocumentWorld


@pytest.fixture
def world(mocked_aws: None) -> Iterator[DocumentWorld]:
    del mocked_aws
    yield DocumentWorld()
    Metrics(namespace="test", service="test").clear_metrics()
