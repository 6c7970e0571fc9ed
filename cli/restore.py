"""`vigie restore`: a table as it was, beside the one that is, and compared with the events."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.options import Environment, told
from cli.reconciliation import KINDS, Reconciled, RestoredTable, reconcile
from cli.replaying import Span
from cli.restoring import TableRestore
from vigie import aws
from vigie.errors import Rejected
from vigie.events.archive import EventArchive

app = typer.Typer(help="Restore a table into a new one, and compare it.", no_args_is_help=True)
_DAY = "%Y-%m-%d"
_SHOWN = 50

Source = Annotated[str, typer.Option("--table", help="The table, such as results.")]
Target = Annotated[str, typer.Option(help="Full name of the new table.")]
Moment = Annotated[
    datetime | None,
    typer.Option(
        "--to-time",
        formats=["%Y-%m-%dT%H:%M:%S"],
        help="As it was then (UTC); the latest possible without it.",
    ),
]
First = Annotated[datetime, typer.Option("--from", formats=[_DAY], help="First day (UTC).")]
Last = Annotated[datetime, typer.Option("--to", formats=[_DAY], help="Last day (UTC).")]


@app.command()
def table(
    source: Source, target: Target, to_time: Moment = None, environment: Environment = "dev"
) -> None:
    """Start to restore a table into a new one; nothing that runs is touched."""
    with told():
        live = _deployed(environment).parameter(f"tables/{source}")
        TableRestore(aws.dynamodb()).start(live, target, _utc(to_time))
    typer.echo(f"{live} is being restored into {target}; when it is there: vigie restore protect")


@app.command()
def protect(source: Source, target: Target, environment: Environment = "dev") -> None:
    """Give the new table what a restore leaves out: backup, expiry, protection."""
    with told():
        restore = TableRestore(aws.dynamodb())
        if not restore.state(target).active:
            raise Rejected("restore-not-finished", f"{target} is not there yet")
        restore.protect(_deployed(environment).parameter(f"tables/{source}"), target)
    typer.echo(f"{target} is backed up, expires its items and is protected as the table is")


@app.command()
def check(
    source: Source,
    target: Target,
    first: First,
    last: Last,
    to_time: Moment = None,
    environment: Environment = "dev",
) -> None:
    """Compare the new table with the table that is, and with the archive of events.

    The status is 1 if it lacks something that it should have.
    """
    with told():
        deployed = _deployed(environment)
        live, restore = deployed.parameter(f"tables/{source}"), TableRestore(aws.dynamodb())
        state = restore.state(target)
        moment = _utc(to_time) or state.moment
        if not state.active:
            raise Rejected("restore-not-finished", f"{target} is not there yet")
        typer.echo(
            f"{live}: {restore.state(live).items} items; {target}: {state.items} items"
            " (DynamoDB counts every six hours)"
        )
        if source not in KINDS:
            raise Rejected("no-events", f"no event tells of the items of {source}")
        if moment is None:
            raise Rejected("moment-unknown", "DynamoDB does not say it: give --to-time")
        found = reconcile(
            EventArchive(aws.s3(), deployed.parameter("buckets/events")),
            RestoredTable(aws.dynamodb(), target, KINDS[source]),
            Span(first.date(), last.date()).days,
            moment,
        )
    _print(found, moment)
    if not found.whole:
        raise typer.Exit(1)


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _print(found: Reconciled, moment: datetime) -> None:
    table = Table(f"as of {moment.isoformat(timespec='seconds')}", "items")
    for row, number in (
        ("as the events tell", found.held),
        ("absent", len(found.absent)),
        ("behind", len(found.behind)),
        ("told of later, to be made again", len(found.later)),
    ):
        table.add_row(row, str(number))
    Console().print(table)
    for label, names in (
        ("absent", found.absent),
        ("behind", found.behind),
        ("later", found.later),
    ):
        for name in names[:_SHOWN]:
            typer.echo(f"{label} {name}")
        if len(names) > _SHOWN:
            typer.echo(f"{label}: {len(names) - _SHOWN} more")
