"""One synthesis of production, with cdk-nag on, for all the tests of the infrastructure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.synthesis import production_settings, synthesise

if TYPE_CHECKING:
    from infra.settings import Settings
    from tests.infra.template import Templates


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Production, with laboratories that an authority certifies."""
    return production_settings()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Templates:
    """Every stack of production."""
    return synthesise(settings, tmp_path_factory.mktemp("production"))
