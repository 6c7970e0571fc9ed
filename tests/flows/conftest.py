"""The system in process: production's templates, and what they wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.templates import production_templates
from tests.flows.wired import Wired
from tests.functions.conftest import _clients, mocked_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.infra.template import Templates

__all__ = ["_clients", "mocked_aws"]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Every stack of production."""
    return production_templates(tmp_path_factory.mktemp("production"))


@pytest.fixture
def wired(mocked_aws: None, templates: Templates) -> Iterator[Wired]:  # noqa: ARG001 - the account
    """The functions, wired as the templates say."""
    system = Wired(templates)
    yield system
    system.close()
