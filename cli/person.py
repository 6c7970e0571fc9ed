"""`vigie person`: who is taken for one person, and parting what was linked wrongly."""

import re
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.options import Environment, told
from vigie import aws
from vigie.errors import Rejected
from vigie.message_queue import MessageQueue
from vigie.person.standing import Standing
from vigie.person.standing_store import StandingStore
from vigie.person.unlinking import UnlinkRequested
from vigie.results.result_reader import ResultReader

app = typer.Typer(help="Who is taken for one person in statistics.", no_args_is_help=True)
_PSEUDONYM = re.compile(r"p\d+\.[a-z2-7]{32}")

Who = Annotated[str, typer.Argument(help="A pseudonym, or the id of a result.")]
Reason = Annotated[str, typer.Option(help="Why, in words that name nobody; it is kept.")]


@app.command()
def show(who: Who, environment: Environment = "dev") -> None:
    """Show the pseudonyms of a person, why they are linked, and whom it is not."""
    with told():
        deployed = _deployed(environment)
        person = _pseudonym(who, deployed)
        standing = _standings(deployed).of([person]).standings.get(person)
    typer.echo(f"pseudonym {person}")
    if standing is None:
        typer.echo("linked with nobody")
        return
    _print(standing)


@app.command()
def unlink(one: Who, other: Who, reason: Reason, environment: Environment = "dev") -> None:
    """Keep two pseudonyms apart: the evidence that linked them never does so again.

    The statistics count them as two from when the linkage queue has been read.
    """
    with told():
        deployed = _deployed(environment)
        persons = (_pseudonym(one, deployed), _pseudonym(other, deployed))
        if persons[0] == persons[1]:
            raise Rejected(
                "person-inseparable",
                "the two have one pseudonym: the same names and birth date, as far as is known",
            )
        url = deployed.queue_url("linkage")
        request = _request(persons, reason)
        MessageQueue(aws.sqs(), url, "linkage-queue").send([request.model_dump_json()])
    typer.echo("asked; when it is done, vigie person show says so")


def _request(persons: tuple[str, str], reason: str) -> UnlinkRequested:
    try:
        return UnlinkRequested(persons=persons, reason=reason, requested_at=datetime.now(UTC))
    except ValidationError:
        raise Rejected("reason-malformed", "a reason has 3 to 200 characters") from None


def _pseudonym(who: str, deployed: Deployed) -> str:
    if _PSEUDONYM.fullmatch(who):
        return who
    result = ResultReader(aws.dynamodb(), deployed.parameter("tables/results")).get(who)
    if result is None:
        raise Rejected("result-unknown", "there is no result of this id")
    return result.person


def _print(standing: Standing) -> None:
    typer.echo(
        f"version {standing.version}, changed {standing.changed_at.isoformat(timespec='seconds')}, "
        f"by {', '.join(standing.evidence) or 'nothing any more'}"
    )
    table = Table("pseudonym", "is", "reason", "decided")
    for person in standing.group:
        table.add_row(person, "this person", "", "")
    for parting in standing.apart:
        day = parting.requested_at.date().isoformat()
        table.add_row(parting.person, "another", parting.reason, day)
    Console().print(table)


def _standings(deployed: Deployed) -> StandingStore:
    return StandingStore(aws.dynamodb(), deployed.parameter("tables/persons"))


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
