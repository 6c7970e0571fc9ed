"""`vigie tracing issuer`: the systems of tracers that may issue verification codes."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.options import Environment, told
from vigie import aws
from vigie.errors import Rejected
from vigie.tracing.issue_counts import KEPT_DAYS, IssueCounts, count_of_day
from vigie.tracing.issuer import Issuer, is_name, key_hash, new_key
from vigie.tracing.issuer_store import IssuerStore

app = typer.Typer(
    help="Let systems of tracers issue verification codes, or not.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="Small letters, digits and -; the key begins with it.")]
Quota = Annotated[int, typer.Option(min=1, help="Codes that it may issue in a day.")]


@app.command()
def add(name: Name, quota: Quota = 1000, environment: Environment = "dev") -> None:
    """Add an issuer, and print its key: it is nowhere else, and cannot be shown again."""
    with told():
        if not is_name(name):
            raise Rejected("issuer-name", "a name has 2 to 31 small letters, digits and -")
        deployed = _deployed(environment)
        key = new_key(name)
        issuer = Issuer(
            name=name,
            key_hash=key_hash(key),
            daily_quota=quota,
            added_at=datetime.now(UTC).replace(microsecond=0),
        )
        if not _issuers(deployed).add(issuer):
            raise Rejected("issuer-known", f"{name} is an issuer: remove it first")
    typer.echo(key)


@app.command("list")
def list_(environment: Environment = "dev") -> None:
    """Print the issuers, and how many codes each issued today and in the last days."""
    with told():
        deployed = _deployed(environment)
        counts = IssueCounts(aws.dynamodb(), deployed.parameter("tables/codes"))
        today = datetime.now(UTC).date()
        table = Table("name", "quota", "added", "today", f"{KEPT_DAYS} days")
        for issuer in _issuers(deployed).all():
            days = [
                counts.of(count_of_day(issuer.name, today - timedelta(days=back)))
                for back in range(KEPT_DAYS)
            ]
            table.add_row(
                issuer.name,
                str(issuer.daily_quota),
                issuer.added_at.date().isoformat(),
                str(days[0]),
                str(sum(days)),
            )
    Console().print(table)


@app.command()
def remove(name: Name, environment: Environment = "dev") -> None:
    """Remove an issuer: its key issues nothing more at once; its codes stay good."""
    with told():
        if not _issuers(_deployed(environment)).remove(name):
            raise Rejected("issuer-unknown", f"there is no issuer {name}")
    typer.echo(f"{name} is removed")


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _issuers(deployed: Deployed) -> IssuerStore:
    return IssuerStore(aws.dynamodb(), deployed.parameter("tables/issuers"))
