"""The templates of production, synthesised."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from unittest import mock

from aws_cdk import App

from infra.app import build
from infra.constructs.layer_set import ROOT
from infra.environments import production
from infra.settings import SelfReports
from tests.infra.synthesis import EFGS, INTEROP
from tests.infra.template import Templates
from vigie.tracing.publish_rules import PublishRules

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings


def _settings() -> Settings:
    """Production, with gateways to exchange keys through, and self-reports."""
    return production("123456789012").model_copy(
        update={
            "federation": (EFGS, INTEROP),
            "self_reports": SelfReports(),
            "publish_rules": PublishRules(self_reports_accepted=True),
        }
    )


def production_templates(folder: Path) -> Templates:
    """Every stack of production; whether they are valid is for the tests of the infrastructure."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    with mock.patch.dict(os.environ, {"CDK_VALIDATION": "false"}):
        app = App(outdir=str(folder), context=context)
        build(_settings(), app)
        app.synth()
    return Templates(folder)
