"""`vigie rules`: what countries ask of a certificate."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.country_publishing import publish_countries
from cli.deployed import Deployed
from cli.list_publishing import list_bucket, list_signer
from cli.options import Environment, told
from cli.reading import ReadingError
from cli.rule_files import load_rules
from cli.rule_publishing import current, import_rules, publish_rules
from vigie import aws
from vigie.business_rules.rule import RuleDocument
from vigie.business_rules.rule_list import RULES

app = typer.Typer(
    help="Publish the business rules that verifiers apply: the own ones and those of others.",
    no_args_is_help=True,
)

Files = Annotated[list[Path], typer.Argument(help="Rules in JSON: files, or folders of them.")]
Name = Annotated[
    str,
    typer.Option("--name", help="Of the import: another one of the same name takes its place."),
]


@app.command("import")
def import_command(files: Files, name: Name, environment: Environment = "dev") -> None:
    """Check rules and keep them under a name; `vigie rules publish` publishes them."""
    try:
        documents = load_rules(files)
    except ReadingError as error:
        typer.echo(f"not a rule: {error}", err=True)
        raise typer.Exit(1) from None
    for document in documents:
        _warn(document)
    with told():
        import_rules(list_bucket(_deployed(environment)), name, documents)
    typer.echo(f"{len(documents)} rules imported; vigie rules publish publishes them")


@app.command()
def publish(environment: Environment = "dev") -> None:
    """Sign and publish the imported rules; those of France if none were ever imported."""
    with told():
        deployed = _deployed(environment)
        bucket, signer, now = list_bucket(deployed), list_signer(deployed), datetime.now(UTC)
        published = publish_rules(bucket, signer, now)
        countries = publish_countries(bucket, signer, now)
    typer.echo(f"version {published.publication.version}")
    typer.echo(f"{len(published.listed.rules)} rules, {len(countries)} countries")


@app.command()
def forget(name: Name, environment: Environment = "dev") -> None:
    """Drop an import: the next version of the list is without its rules."""
    with told():
        list_bucket(_deployed(environment)).drop_source(RULES, name)
    typer.echo("dropped; vigie rules publish publishes that")


@app.command()
def show(environment: Environment = "dev") -> None:
    """Show which rules are published, and what was imported."""
    with told():
        bucket = list_bucket(_deployed(environment))
        listed, sources = current(bucket), bucket.sources(RULES)
    table = Table("country", "rule", "version", "hash", title="Published", title_justify="left")
    for one in listed.rules:
        table.add_row(one.country, one.identifier, one.version, one.hash)
    Console().print(table)
    typer.echo(f"imports: {', '.join(sources) or 'none'}")


def _warn(document: RuleDocument) -> None:
    if undeclared := document.rule.undeclared_fields:
        fields = ", ".join(sorted(undeclared))
        typer.echo(f"{document.rule.identifier}: AffectedFields leaves out {fields}", err=True)


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
