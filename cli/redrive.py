"""`vigie redrive`: look at what died, and send it back."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.dead_letters import TRIED_TOO_OFTEN, DeadLetter, DeadLetterQueue
from cli.deployed import Deployed
from cli.options import Environment, told
from cli.redriving import Redrive, Redriven
from cli.redriving import redrive as send_back
from vigie import aws
from vigie.errors import Rejected
from vigie.message_queue import MessageQueue

_SHOWN = 50
# Each dead-letter queue of a consumer, and why a message is there that says no reason.
_KINDS = {"dead-letters": TRIED_TOO_OFTEN, "subscription-dead-letters": "not-delivered"}

Queue = Annotated[str, typer.Option(help="The consumer's queue, such as signing.")]
Reason = Annotated[str | None, typer.Option(help="Only what died of this reason.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Look only.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Send back so many at most.")]


def redrive(
    queue: Queue,
    environment: Environment = "dev",
    reason: Reason = None,
    dry_run: DryRun = False,
    limit: Limit = None,
) -> None:
    """Send the dead letters of a queue back to it, and those of its subscription.

    A message that dies again is in the dead-letter queue again, with the reasons of each death.
    """
    with told():
        sqs = aws.sqs()
        deployed = Deployed(environment, ssm=aws.ssm(), sqs=sqs, sns=aws.sns())
        source = MessageQueue(sqs, deployed.queue_url(queue), queue)
        left = limit
        for kind, unexplained in _KINDS.items():
            url = _url(deployed, f"{queue}-{kind}")
            if url is None or left == 0:
                continue
            letters = DeadLetterQueue(sqs, url, unexplained=unexplained)
            found = send_back(letters, source, Redrive(reason, left, dry_run))
            _print(f"{queue}-{kind}", found, dry=dry_run)
            left = None if left is None else left - len(found.sent)


def _url(deployed: Deployed, name: str) -> str | None:
    """URL of a dead-letter queue; None for a queue that has no subscription."""
    try:
        return deployed.queue_url(name)
    except Rejected:
        return None


def _print(name: str, found: Redriven, *, dry: bool) -> None:
    typer.echo(
        f"{name}: {len(found.sent)} {'would be sent back' if dry else 'sent back'}, "
        f"{len(found.left)} left, {len(found.died_again)} died again or there twice"
    )
    letters = [*found.sent, *found.left, *found.died_again]
    if not letters:
        return
    table = Table("about", "reason", "earlier reasons", "received", "age")
    for letter in letters[:_SHOWN]:
        table.add_row(
            Text(letter.about),
            Text(letter.reason),
            Text(" ".join(letter.earlier_reasons)),
            str(letter.received),
            _age(datetime.now(UTC) - letter.sent_at),
        )
    Console().print(table)
    if len(letters) > _SHOWN:
        typer.echo(f"and {len(letters) - _SHOWN} more")
    for reason, number in _by_reason(letters):
        typer.echo(f"{number:8} {reason}")


def _by_reason(letters: Iterable[DeadLetter]) -> list[tuple[str, int]]:
    return Counter(letter.reason for letter in letters).most_common()


def _age(age: timedelta) -> str:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    return f"{hours // 24} d {hours % 24} h" if hours >= 48 else f"{hours} h {minutes} min"  # noqa: PLR2004 - two days
