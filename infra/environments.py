"""The environments. An authority writes its own name, addresses and authority here."""

import os
import platform
from collections.abc import Mapping

from infra.settings import Attestation, Emulator, SelfReports, Settings, TwoDDoc, Wallet
from vigie.attestation.verdict import Mode
from vigie.tracing.publish_rules import PublishRules

EMULATOR_ACCOUNT = "000000000000"
EMULATOR_LABORATORIES = ("759990013", "699990016", "139990014")
_IDENTITY_CENTER = "arn:aws:iam::{}:role/aws-reserved/sso.amazonaws.com/eu-west-3/AWSReservedSSO"


def production(account: str) -> Settings:
    """The service itself."""
    return Settings(
        environment="production",
        account=account,
        retained=True,
        log_retention_days=90,
        issuer_name="Autorité de santé publique",
        email_from="Vigie <ne-pas-repondre@vigie.example>",
        email_identity="vigie.example",
        alarm_email="astreinte@vigie.example",
        # A permission set of IAM Identity Center; the end of its role's name is AWS's choice.
        pki_operators=(f"{_IDENTITY_CENTER.format(account)}_VigiePki_*",),
        laboratory_operators=(f"{_IDENTITY_CENTER.format(account)}_VigieLaboratories_*",),
        list_publishers=(f"{_IDENTITY_CENTER.format(account)}_VigieLists_*",),
        revocation_operators=(f"{_IDENTITY_CENTER.format(account)}_VigieRevocations_*",),
        tracing_operators=(f"{_IDENTITY_CENTER.format(account)}_VigieTracing_*",),
        protected_edge=True,
    )


def dev(account: str) -> Settings:
    """A sandbox account: everything that production has, but it can be thrown away."""
    return production(account).model_copy(
        update={
            "environment": "dev",
            "retained": False,
            "log_retention_days": 14,
            "issuer_name": "Vigie (essai)",
            "alarm_email": None,
            # In its sandbox SES takes one message a second.
            "dispatch_concurrency": 2,
        }
    )


def emulator(port: int) -> Settings:
    """The emulator on this machine, with this machine's interpreter and architecture."""
    return dev(EMULATOR_ACCOUNT).model_copy(
        update={
            "architecture": "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64",
            "protected_edge": False,
            # Off until the command installs a signer.
            "wallets": tuple(Wallet),
            # The authority of ANTS's tests.
            "twoddoc": TwoDDoc(authority="FR00"),
            # No device can vouch for anything here, and none is refused.
            "attestation": Attestation(
                mode=Mode.OBSERVE,
                play_package="fr.gouv.vigie",
                app_attest_apps=("TEAM123456.fr.gouv.vigie",),
            ),
            "self_reports": SelfReports(),
            "publish_rules": PublishRules(self_reports_accepted=True),
            # Nobody who tries the system out waits for hours.
            "visit_jitter_seconds": 1,
            "release_hour_seconds": 10,
            "export_period_seconds": 10,
            "export_settle_seconds": 1,
            "export_lookback_seconds": 300,
            "emulator": Emulator(
                port=port,
                python_version=".".join(platform.python_version_tuple()[:2]),
                laboratories=EMULATOR_LABORATORIES,
            ),
        }
    )


def chosen(environ: Mapping[str, str] = os.environ) -> Settings:
    """The environment that the process's variables name.

    `VIGIE_EMULATOR_PORT` chooses the emulator on that port; else `VIGIE_ENVIRONMENT` is
    `production` or `dev` (default). The CDK command line gives the account of the caller's
    credentials in `CDK_DEFAULT_ACCOUNT`.

    Raises:
        ValueError: there is no such environment, or no account.
    """
    port = environ.get("VIGIE_EMULATOR_PORT")
    if port is not None:
        return emulator(int(port))
    account = environ.get("CDK_DEFAULT_ACCOUNT")
    if account is None:
        raise ValueError("no AWS account: give credentials, or set CDK_DEFAULT_ACCOUNT")
    name = environ.get("VIGIE_ENVIRONMENT", "dev")
    if name == "production":
        return production(account)
    if name == "dev":
        return dev(account)
    raise ValueError(f"VIGIE_ENVIRONMENT is production or dev, not {name}")
