"""The command `vigie`."""

import typer

from cli import certificate, pki, restore
from cli.redrive import redrive
from cli.replay import replay

app = typer.Typer(
    name="vigie",
    help="Operate Vigie: certificates, signers, queues, events, tables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(certificate.app, name="certificate")
app.add_typer(pki.app, name="pki")
app.add_typer(restore.app, name="restore")
app.command()(redrive)
app.command()(replay)
