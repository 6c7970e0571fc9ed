"""The CDK app: `cdk deploy --all` puts Vigie into an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.access import Access
from infra.archive import Archive
from infra.certificates import Certificates
from infra.core import Core
from infra.dashboard import Dashboard
from infra.edge import Edge, Firewall
from infra.environments import chosen
from infra.intake import Intake
from infra.laboratories import Laboratories
from infra.laboratory_watch import LaboratoryWatch
from infra.linkage import Linkage
from infra.notifications import Notifications
from infra.polling import Polling
from infra.revocation import Revocation
from infra.self_reports import SelfReporting
from infra.statistics import Statistics
from infra.tracing import Tracing
from infra.twoddoc import TwoDDocuments
from infra.vaccinations import Vaccinations
from infra.verifiers import Verifiers

if TYPE_CHECKING:
    from infra.settings import Settings


def build(settings: Settings, app: App) -> None:
    """Put every stack of an environment into the app."""
    core = Core(app, settings)
    firewall = Firewall(app, settings) if settings.protected_edge else None
    tracing = Tracing(
        app,
        settings,
        upload_code_key_arn=core.upload_code.arn,
        web_acl_arn=None if firewall is None else firewall.tracing_arn,
    )
    edge = Edge(app, settings, core, tracing, None if firewall is None else firewall.arn)
    Archive(app, settings, core)
    intake = Intake(app, settings, core)
    Laboratories(app, settings, core, intake)
    LaboratoryWatch(app, settings, core, intake)
    Linkage(app, settings, core, intake)
    vaccinations = Vaccinations(app, settings, core)
    certificates = Certificates(app, settings, core, intake, vaccinations)
    revocation = Revocation(app, settings, core, certificates)
    notifications = Notifications(
        app, settings, core, intake, vaccinations, link_base_url=edge.public_url
    )
    access = Access(app, settings, core, intake, certificates, notifications, vaccinations)
    Polling(app, settings, core, intake, access)
    if settings.self_reports:
        SelfReporting(app, settings, core, settings.self_reports)
    Statistics(
        app,
        settings,
        core,
        intake,
        web_acl_arn=None if firewall is None else firewall.numbers_arn,
    )
    verifiers = Verifiers(
        app,
        settings,
        core,
        certificates,
        revocation,
        web_acl_arn=None if firewall is None else firewall.verifiers_arn,
    )
    if settings.twoddoc:
        TwoDDocuments(
            app, settings, core, intake, vaccinations, certificates, notifications, verifiers
        )
    Dashboard(app, settings)


def main() -> None:
    """Synthesise the environment that the process's variables name."""
    app, settings = App(), chosen()
    if settings.emulator is None:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    build(settings, app)
    app.synth()


if __name__ == "__main__":
    main()
