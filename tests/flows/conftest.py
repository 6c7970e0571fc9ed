"""The system in process: production's templates, and what they wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from aws_cdk import App

from infra.app import build
from infra.constructs.layer_set import ROOT
from infra.environments import production
from tests.flows.wired import Wired
from tests.functions.conftest import _clients, mocked_aws
from tests.infra.template import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["_clients", "mocked_aws"]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Every stack of production; whether they are valid is for the tests of the infrastructure."""
    folder = tmp_path_factory.mktemp("production")
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDK_VALIDATION", "false")
        app = App(outdir=str(folder), context=context)
        build(production("123456789012"), app)
        app.synth()
    return Templates(folder)


@pytest.fixture
def wired(mocked_aws: None, templates: Templates) -> Iterator[Wired]:  # noqa: ARG001 - the account
    """The functions, wired as the templates say."""
    system = Wired(templates)
    yield system
    system.close()
