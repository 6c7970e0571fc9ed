"""`vigie valuesets`: which codes certificates carry, changed without a deployment."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.deployed import Deployed
from cli.device_list import with_devices
from cli.list_publishing import list_bucket, list_signer
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.value_set_publishing import publish_value_sets
from vigie import aws
from vigie.certificates.value_set_releases import Standing, ValueSetReleases
from vigie.dcc import value_sets
from vigie.dcc.value_sets import ValueSets
from vigie.errors import Rejected

app = typer.Typer(help="The value sets of certificates, release by release.", no_args_is_help=True)

Release = Annotated[Path, typer.Argument(help="A release in JSON.")]
Output = Annotated[
    Path | None, typer.Option(help="Write the release in force there, to change and publish.")
]


@app.command()
def publish(release: Release, environment: Environment = "dev") -> None:
    """Check a release and put it in force."""
    with told():
        _tell(_releases(environment).publish(_content(release)))


@app.command()
def show(environment: Environment = "dev", output: Output = None) -> None:
    """Print the release in force, and those to go back to."""
    with told():
        releases = _releases(environment)
        standing = releases.standing()
        in_force = value_sets.shipped() if standing is None else releases.read(standing.release)
    if standing is None:
        typer.echo(f"release {in_force.release}, as shipped: none was published")
    else:
        _tell(standing)
    _print(in_force)
    if output is not None:
        output.write_text(in_force.model_dump_json(by_alias=True, indent=2), encoding="utf-8")


@app.command()
def devices(
    file: Annotated[Path, typer.Argument(help="The JRC's list of devices in JSON.")],
    release: Annotated[str, typer.Option(help="Name of the release to make, never used before.")],
    output: Annotated[Path, typer.Option(help="Where to write it, to publish.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the list.")],
    environment: Environment = "dev",
) -> None:
    """Make a release of the one in force with the antigen tests of the EU's list (JRC)."""
    with told():
        made = with_devices(_content(file), _releases(environment).in_force(), release, on.date())
        written = made.model_dump_json(by_alias=True, indent=2).encode()
        value_sets.read(written)
    output.write_bytes(written)
    _print(made)


@app.command()
def rollback(environment: Environment = "dev") -> None:
    """Put the release before in force again."""
    with told():
        _tell(_releases(environment).roll_back())


@app.command()
def distribute(environment: Environment = "dev") -> None:
    """Sign the release in force and publish it to verifier applications."""
    with told():
        deployed = _deployed(environment)
        published = publish_value_sets(
            list_bucket(deployed), _releases(environment), list_signer(deployed), datetime.now(UTC)
        )
    typer.echo(f"version {published.publication.version}")
    typer.echo(f"{len(published.listed.sets)} value sets of release {published.listed.release}")


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _releases(environment: str) -> ValueSetReleases:
    deployed = _deployed(environment)
    return ValueSetReleases(aws.s3(), deployed.parameter("buckets/value-sets"))


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except ReadingError as error:
        raise Rejected("file-unreadable", str(error)) from None


def _tell(standing: Standing) -> None:
    typer.echo(f"release {standing.release}")
    typer.echo(f"before it: {', '.join(standing.previous) or 'none'}")


def _print(sets: ValueSets) -> None:
    table = Table("value set", "date", "codes", "active", title="Value sets", title_justify="left")
    for name, each in sets.sets.items():
        active = sum(each.active(code) for code in each.codes)
        table.add_row(Text(name), each.date.isoformat(), str(len(each.codes)), str(active))
    table.add_row("vaccines", "", str(len(sets.vaccines)), "")
    Console().print(table)
