"""`vigie replay`: tell archived events again, to one consumer."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.deployed import Deployed
from cli.journal import Journal
from cli.options import Environment, told
from cli.replaying import Pace, Replayed, Span
from cli.replaying import replay as tell_again
from vigie import aws
from vigie.errors import Rejected
from vigie.events.archive import EventArchive
from vigie.message_queue import MessageQueue

_DAY = "%Y-%m-%d"

Queue = Annotated[str, typer.Option(help="The consumer's queue, such as signing.")]
First = Annotated[datetime, typer.Option("--from", formats=[_DAY], help="First day (UTC).")]
Last = Annotated[datetime, typer.Option("--to", formats=[_DAY], help="Last day (UTC).")]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", help="Only events of this type; may be given several times."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count only.")]
Rate = Annotated[float, typer.Option(min=0.1, max=10_000, help="Events a second at most.")]
JournalFile = Annotated[
    Path | None,
    typer.Option("--journal", help="A file of what was sent, to go on with after a stop."),
]


def replay(
    queue: Queue,
    first: First,
    last: Last,
    environment: Environment = "dev",
    types: Types = None,
    dry_run: DryRun = False,
    rate: Rate = 100,
    journal: JournalFile = None,
) -> None:
    """Send the archived events of some days to one consumer's queue, and to no other.

    They come as from the queue's subscription, of its types, each once. A consumer that has
    had an event before takes it for a retry.
    """
    with told():
        sqs = aws.sqs()
        deployed = Deployed(environment, ssm=aws.ssm(), sqs=sqs, sns=aws.sns())
        url = deployed.queue_url(queue)
        wanted = _wanted(types, deployed.subscribed_types(url))
        span = Span(first.date(), last.date(), wanted)
        replayed = tell_again(
            EventArchive(aws.s3(), deployed.parameter("buckets/events")),
            None if dry_run else MessageQueue(sqs, url, queue),
            span,
            Journal(None if dry_run else journal, _task(environment, queue, span)),
            Pace(rate),
        )
    _print(replayed, dry=dry_run)


def _wanted(asked: list[str] | None, subscribed: frozenset[str] | None) -> frozenset[str] | None:
    """The types to send: those that are asked for, else those of the subscription."""
    if not asked:
        return subscribed
    if subscribed is not None and not subscribed.issuperset(asked):
        raise Rejected(
            "type-not-subscribed", f"the queue takes {', '.join(sorted(subscribed))} only"
        )
    return frozenset(asked)


def _task(environment: str, queue: str, span: Span) -> str:
    types = "all" if span.types is None else ",".join(sorted(span.types))
    return f"replay {environment} {queue} {span.first} {span.last} {types}"


def _print(replayed: Replayed, *, dry: bool) -> None:
    table = Table("day", "type", "would be sent" if dry else "sent")
    for (day, kind), number in sorted(replayed.events.items()):
        table.add_row(day.isoformat(), Text(kind), str(number))
    Console().print(table)
    typer.echo(
        f"{replayed.events.total()} events, {replayed.repeated} repetitions left out, "
        f"{replayed.skipped} objects done before"
    )
