"""The command `vigie`."""

import typer

from cli import (
    app_config,
    certificate,
    federation,
    laboratory,
    person,
    pki,
    reissue,
    restore,
    revocation,
    rules,
    signer,
    tracing,
    trust,
    twoddoc,
    valuesets,
    venue,
    wallet,
)
from cli.laboratory_check import check, template
from cli.redrive import redrive
from cli.replay import replay

app = typer.Typer(
    name="vigie",
    help="Operate Vigie: laboratories, certificates, signers, queues, events, tables, tracing.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(app_config.app, name="app-config")
app.add_typer(certificate.app, name="certificate")
app.add_typer(federation.app, name="federation")
laboratory.app.command()(check)
laboratory.app.command()(template)
app.add_typer(laboratory.app, name="lab")
app.add_typer(person.app, name="person")
app.add_typer(pki.app, name="pki")
app.add_typer(reissue.app, name="reissue")
app.add_typer(restore.app, name="restore")
app.add_typer(rules.app, name="rules")
app.add_typer(signer.app, name="signer")
app.add_typer(revocation.app, name="revocation")
app.add_typer(tracing.app, name="tracing")
app.add_typer(trust.app, name="trust")
app.add_typer(twoddoc.app, name="twoddoc")
app.add_typer(valuesets.app, name="valuesets")
app.add_typer(venue.app, name="venue")
app.add_typer(wallet.app, name="wallet")
app.command()(redrive)
app.command()(replay)
