"""`vigie trust`: whose certificates verifiers trust."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.country_publishing import publish_countries
from cli.deployed import Deployed
from cli.list_publishing import list_bucket, list_signer
from cli.options import Environment, told
from cli.reading import ReadingError
from cli.signer_parameters import SignerParameters
from cli.trust_import import Grounds, read_trust_list
from cli.trust_publishing import current, publish_trust, source
from vigie import aws
from vigie.errors import Rejected
from vigie.trust.chain import Verdict
from vigie.trust.signer_list import TRUST
from vigie.trust.trusted_signer import TrustSource

app = typer.Typer(
    help="Publish whose certificates verifiers trust: the own signers and those of others.",
    no_args_is_help=True,
)


def _source_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,40}", value):
        raise typer.BadParameter("small letters, digits and hyphens")
    return value


Source = Annotated[
    str, typer.Argument(callback=_source_name, help="The name of the import, such as gateway.")
]
TrustListFile = Annotated[Path, typer.Argument(help="The trust list, JSON.")]
AnchorFiles = Annotated[
    list[Path] | None,
    typer.Option("--trust-anchor", help="Who signs the gateway's CSCAs and uploads, PEM or DER."),
]
ProofKeyFile = Annotated[
    Path | None,
    typer.Option(help="Who makes the proof of a DID document: PEM, DER, JWK or a DID document."),
]
CscaFiles = Annotated[
    list[Path] | None, typer.Option(help="Believe these CSCAs (PEM or DER) and no other.")
]
BelieveList = Annotated[
    bool,
    typer.Option("--believe-list", help="Believe every CSCA that the list brings, unsigned."),
]


@app.command()
def publish(environment: Environment = "dev") -> None:
    """Sign and publish the trust list: every own signer ever used, and the imported ones."""
    with told():
        deployed = _deployed(environment)
        bucket, signer, now = list_bucket(deployed), list_signer(deployed), datetime.now(UTC)
        published = publish_trust(
            SignerParameters(aws.ssm(), environment),
            bucket,
            signer,
            url=deployed.parameter("verifiers-url"),
            now=now,
        )
        countries = publish_countries(bucket, signer, now)
    typer.echo(f"version {published.publication.version}")
    typer.echo(f"{len(published.listed.signers)} signers, {len(countries)} countries")


@app.command("import")
def import_command(
    file: TrustListFile,
    name: Source,
    trust_anchor: AnchorFiles = None,
    proof_key: ProofKeyFile = None,
    csca: CscaFiles = None,
    believe_list: BelieveList = False,
    environment: Environment = "dev",
) -> None:
    """Check a foreign trust list, and keep who is trusted in place of the import of that name.

    It is an array of the EU's gateway (`GET /trustList`), or a DID document of WHO's GDHCN. Each
    signer is checked against its CSCA; what is refused is listed with its reason. Nothing is
    published before `vigie trust publish`. Name what the list is believed on: the trust anchor,
    the key of its proof, the CSCAs, or the list itself.
    """
    now = datetime.now(UTC)
    grounds = Grounds(trust_anchor or (), proof_key, csca or (), believe_list)
    with told():
        try:
            read = read_trust_list(file, grounds, now)
        except ReadingError as error:
            raise Rejected("file", str(error)) from None
        verdict = read.verdict
        if verdict.trusted:
            kept = TrustSource(imported_at=now, signers=verdict.trusted)
            body = kept.model_dump_json().encode()
            list_bucket(_deployed(environment)).keep_source(TRUST, name, body)
    _print_refused(verdict)
    if read.remark:
        typer.echo(read.remark, err=True)
    typer.echo(f"{len(verdict.trusted)} signers trusted, {len(verdict.refused)} entries refused")
    if not verdict.trusted:
        typer.echo("nothing was imported", err=True)
        raise typer.Exit(1)


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


def _print_refused(verdict: Verdict) -> None:
    if not verdict.refused:
        return
    table = Table("place", "country", "kid", "rule", "reason", title="Refused")
    for one in verdict.refused:
        # What a certificate says of its country is foreign text.
        country = Text("".join(char for char in one.country if char.isprintable())[:2])
        table.add_row(one.place, country, one.kid, one.rule, one.reason)
    Console().print(table)


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
