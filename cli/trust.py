"""`vigie trust`: whose certificates verifiers trust."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.list_publishing import list_bucket, list_signer
from cli.options import Environment, told
from cli.signer_parameters import SignerParameters
from cli.trust_publishing import current, publish_trust, source
from vigie import aws
from vigie.trust.signer_list import TRUST

app = typer.Typer(
    help="Publish whose certificates verifiers trust: the own signers and those of others.",
    no_args_is_help=True,
)

Source = Annotated[str, typer.Argument(help="The name that it was imported under.")]


@app.command()
def publish(environment: Environment = "dev") -> None:
    """Sign and publish the trust list: every own signer ever used, and the imported ones."""
    with told():
        deployed = _deployed(environment)
        published = publish_trust(
            SignerParameters(aws.ssm(), environment),
            list_bucket(deployed),
            list_signer(deployed),
            datetime.now(UTC),
        )
    typer.echo(f"version {published.publication.version}")
    typer.echo(f"{len(published.listed.signers)} signers")


@app.command()
def forget(name: Source, environment: Environment = "dev") -> None:
    """Drop an import: the next version of the list is without its signers."""
    with told():
        bucket = list_bucket(_deployed(environment))
        dropped = source(bucket, name)
        bucket.drop_source(TRUST, name)
    typer.echo(f"{len(dropped.signers)} signers dropped; vigie trust publish publishes that")


@app.command()
def show(environment: Environment = "dev") -> None:
    """Show what is published, and what was imported."""
    with told():
        bucket = list_bucket(_deployed(environment))
        publication, listed = bucket.current(TRUST), current(bucket)
        sources = {name: source(bucket, name) for name in bucket.sources(TRUST)}
    typer.echo("never published" if publication is None else f"version {publication.version}")
    console = Console()
    published = Table("country", "signers", title="Published", title_justify="left")
    for country, signers in sorted(Counter(one.country for one in listed.signers).items()):
        published.add_row(country, str(signers))
    console.print(published)
    imported = Table("import", "at", "signers", title="Imported", title_justify="left")
    for name, one in sources.items():
        imported.add_row(name, one.imported_at.isoformat(), str(len(one.signers)))
    console.print(imported)


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
