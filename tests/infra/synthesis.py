"""Production, synthesised as it is deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.app import build
from infra.constructs.layer_set import ROOT
from infra.environments import production
from infra.settings import Attestation, LaboratoryTrust, SelfReports, TwoDDoc, Wallet
from tests.infra.template import Templates
from vigie.attestation.verdict import Mode
from vigie.federation.gateway import Gateway, Protocol
from vigie.tracing.publish_rules import PublishRules

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings

ACCOUNT = "111122223333"
_AUTHORITY = f"arn:aws:acm-pca:eu-west-3:{ACCOUNT}:certificate-authority/11111111-2222-3333"

EFGS = Gateway(
    name="efgs",
    protocol=Protocol.EFGS,
    url="https://gateway.example/efgs",
    countries={"DE": ("0" * 64,)},
    visited_countries=("DE",),
)
INTEROP = Gateway(
    name="interop",
    protocol=Protocol.INTEROP,
    url="https://interop.example",
    countries={"GB": (), "IE": ()},
)


def production_settings() -> Settings:
    """Production, with certified laboratories, all that is optional."""
    return production(ACCOUNT).model_copy(
        update={
            "laboratory_trust": LaboratoryTrust(private_ca_arn=_AUTHORITY),
            "rsa_signer": True,
            "wallets": tuple(Wallet),
            "twoddoc": TwoDDoc(authority="FR03"),
            "federation": (EFGS, INTEROP),
            "self_reports": SelfReports(),
            "publish_rules": PublishRules(self_reports_accepted=True),
            "attestation": Attestation(
                mode=Mode.ENFORCE,
                play_package="fr.gouv.vigie",
                play_certificates=("6a6a1474b5cbbb2b1aa57e0bc3",),
                app_attest_apps=("TEAM123456.fr.gouv.vigie",),
            ),
        }
    )


def synthesise(settings: Settings, folder: Path) -> Templates:
    """Every stack, with cdk-nag on.

    Args:
        settings: of the environment.
        folder: where the templates and the judgement are written.

    Raises:
        RuntimeError: nothing was written.
    """
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder), context=context)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    build(settings, app)
    try:
        app.synth()
    except RuntimeError:
        # The templates are written before they are judged; one test reads the judgement.
        if not (folder / "validation-report.json").is_file():
            raise
    return Templates(folder)
