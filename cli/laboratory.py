"""`vigie lab`: the register of laboratories."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.deployed import Deployed
from cli.laboratory_figures import BOUND_HOURS, LaboratoryFigures, figures_of
from cli.oauth_clients import OAuthClients
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.register import Register
from cli.registration import Particulars, added, changed, doubts, moved
from vigie import aws
from vigie.errors import Rejected
from vigie.inbox import FileStore
from vigie.laboratories import Laboratory, LaboratoryState

app = typer.Typer(
    help="Register laboratories and let them in or not; check files as a laboratory.",
    no_args_is_help=True,
)

# Days are those of the country's calendar.
FRANCE = ZoneInfo("Europe/Paris")
_COLUMNS = ("finess", "name", "subject", "email", "phone", "allow")
_ARNS = ("role", "profile", "trust-anchor")

Finess = Annotated[str, typer.Argument(help="The laboratory's FINESS, 9 characters.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the entry.")]
Name = Annotated[str, typer.Option(help="What the laboratory is called.")]
Subject = Annotated[str, typer.Option(help="Of its certificate: CN=…,OU=<FINESS>,O=…,C=…")]
Email = Annotated[str, typer.Option(help="Where it is told of what concerns its files.")]
Phone = Annotated[str | None, typer.Option(help="Where someone answers.")]
Allow = Annotated[
    list[str], typer.Option(help="A test: all, covid-19, covid-19/naat or a LOINC code; repeat it.")
]
NewName = Annotated[str | None, typer.Option("--name", help="Its new name.")]
NewSubject = Annotated[str | None, typer.Option("--subject", help="Of its new certificate.")]
NewEmail = Annotated[str | None, typer.Option("--email", help="Its new e-mail address.")]
NewAllow = Annotated[
    list[str] | None, typer.Option("--allow", help="All that it may report from now on.")
]
Days = Annotated[int, typer.Option(min=1, max=365, help="How many days, today included.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
State = Annotated[LaboratoryState | None, typer.Option(help="Only those in this state.")]


@app.command()
def add(
    finess: Finess,
    name: Name,
    subject: Subject,
    email: Email,
    allow: Allow,
    phone: Phone = None,
    reason: Reason = "registered",
    environment: Environment = "dev",
) -> None:
    """Register a laboratory, or one again that was removed; print what it needs to know."""
    with told():
        register = Register(environment)
        given = Particulars(name, subject, email, phone, tuple(allow))
        change = register.change("added", reason)
        laboratory = added(register.laboratories.get(finess), finess, given, change)
        register.laboratories.put(laboratory)
        register.read_refused([finess])
        _doubt(finess)
        _print_needs(register.deployed, laboratory)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=f"CSV with ; between: {' '.join(_COLUMNS)}.")],
    reason: Reason = "registered",
    environment: Environment = "dev",
) -> None:
    """Register every laboratory of a file that is not registered; the file is checked first."""
    with told():
        register = Register(environment)
        change = register.change("added", reason)
        given = _particulars(file)
        for finess, particulars in given.items():
            added(None, finess, particulars, change)
        present = {one.finess: one.active for one in register.laboratories.all()}
        new = [finess for finess in given if finess not in present]
        for finess in new:
            register.laboratories.put(added(None, finess, given[finess], change))
            _doubt(finess)
        # Also of those known before: a stop in between is made good by a repetition.
        register.read_refused(finess for finess in given if present.get(finess, True))
    typer.echo(f"{len(new)} registered, {len(given) - len(new)} known before")


@app.command()
def change(
    finess: Finess,
    reason: Reason,
    name: NewName = None,
    subject: NewSubject = None,
    email: NewEmail = None,
    phone: Phone = None,
    allow: NewAllow = None,
    environment: Environment = "dev",
) -> None:
    """Change what is registered of a laboratory."""
    given: dict[str, Any] = {
        "name": name,
        "subject": subject,
        "email": email,
        "phone": phone,
        "allowed": allow or None,
    }
    with told():
        register = Register(environment)
        given = {key: value for key, value in given.items() if value is not None}
        what = f"changed {' '.join(given)}"
        laboratory = changed(register.known(finess), given, register.change(what, reason))
        register.laboratories.put(laboratory)
    typer.echo(f"{finess} is changed: {' '.join(given)}")


@app.command()
def suspend(finess: Finess, reason: Reason, environment: Environment = "dev") -> None:
    """Read a laboratory's files no more; they wait, and it is told."""
    _move(finess, LaboratoryState.SUSPENDED, reason, environment)
    typer.echo(f"{finess} is suspended: within a minute its files are refused, and wait")


@app.command()
def resume(finess: Finess, reason: Reason, environment: Environment = "dev") -> None:
    """Read a suspended laboratory's files again, those first that waited."""
    with told():
        register = Register(environment)
        present = register.known(finess)
        if not present.active:
            change = register.change("resumed", reason)
            register.laboratories.put(moved(present, LaboratoryState.ACTIVE, change))
        # Also of one that is let in already: a stop in between is made good by a repetition.
        register.read_refused([finess])
    typer.echo(f"{finess} is active: its files are read, also those that waited")


@app.command()
def remove(finess: Finess, reason: Reason, environment: Environment = "dev") -> None:
    """Let a laboratory in no more, and delete its OAuth client; its entry and its results stay."""
    with told():
        register = Register(environment)
        present = register.known(finess)
        if present.state is not LaboratoryState.REMOVED:
            change = register.change(LaboratoryState.REMOVED.value, reason)
            register.laboratories.put(moved(present, LaboratoryState.REMOVED, change))
        # Also of one that is removed already: a stop in between is made good by a repetition.
        if present.client_id is not None:
            _oauth_clients(register.deployed).delete(present.client_id)
    typer.echo(f"{finess} is removed: revoke its certificate too")


@app.command()
def client(finess: Finess, reason: Reason, environment: Environment = "dev") -> None:
    """Give a laboratory without an AWS client its OAuth client, or a new one for the old.

    The secret is printed once, and kept nowhere.
    """
    with told():
        register = Register(environment)
        present = register.known(finess)
        if not present.active:
            raise Rejected("laboratory-state", f"{finess} is {present.state}")
        change = register.change("client", reason)
        deployed = register.deployed
        clients = _oauth_clients(deployed)
        made = clients.make(finess)
        # A token of a client that the register does not name opens nothing.
        register.laboratories.put(present.changed(change, client_id=made.client_id))
        if present.client_id is not None:
            clients.delete(present.client_id)
        lines = (
            f"client id: {made.client_id}",
            f"client secret: {made.secret}",
            f"token URL: {deployed.parameter('laboratories/token-url')}",
            f"scope: {deployed.parameter('laboratories/token-scope')}",
            f"API: {deployed.parameter('public-url')}/v1/lab/uploads",
        )
    typer.echo("\n".join(lines))


@app.command("list")
def list_(state: State = None, environment: Environment = "dev") -> None:
    """Show the register."""
    with told():
        register = Register(environment)
        found = sorted(register.laboratories.all(), key=lambda one: one.finess)
    shown = [one for one in found if state in {None, one.state}]
    table = Table("finess", "name", "state", "since", "may report", "e-mail")
    for one in shown:
        table.add_row(
            one.finess,
            Text(one.name),
            one.state,
            _since(one),
            " ".join(one.allowed),
            Text(one.email),
        )
    Console().print(table)
    typer.echo(f"{len(shown)} laboratories")


@app.command()
def show(
    finess: Finess,
    days: Days = 14,
    as_json: AsJson = False,
    environment: Environment = "dev",
) -> None:
    """Show a laboratory: its entry, and what it sent on its last days."""
    with told():
        register = Register(environment)
        entry = register.known(finess)
        files = FileStore(aws.dynamodb(), register.deployed.parameter("tables/files"))
        figures = figures_of(files, finess, days=days, now=datetime.now(UTC), zone=FRANCE)
    if as_json:
        typer.echo(json.dumps({"entry": entry.model_dump(mode="json"), **figures.as_json()}))
        return
    _print_entry(entry)
    _print_figures(figures)


def _print_entry(entry: Laboratory) -> None:
    lines = [
        f"{entry.finess} {entry.name}",
        f"{entry.state} since {_since(entry)}",
        f"may report: {' '.join(entry.allowed)}",
        f"certificate: {entry.subject}",
        f"contact: {' '.join(filter(None, (entry.email, entry.phone)))}",
    ]
    typer.echo("\n".join(lines))


def _print_figures(figures: LaboratoryFigures) -> None:
    seen = figures.last_seen
    refusals = (f"{rule} {number}" for rule, number in figures.refusals.items())
    lines = [
        f"last file: {'none' if seen is None else seen.isoformat(timespec='minutes')}",
        f"since {figures.since}: {figures.files} files, {figures.items} items",
        f"rejected: {_share(figures.rejection_rate)}",
        f"most frequent refusals: {', '.join(refusals) or 'none'}",
        (
            f"from sampling to report: median {_hours(figures.median_delay_hours)}, "
            f"{_share(figures.within_bound)} within {BOUND_HOURS} h"
        ),
    ]
    typer.echo("\n".join(lines))
    table = Table("day", "files", "unreadable", "items", "rejected")
    for day in figures.days:
        numbers = (day.files, day.unreadable, day.items, day.rejected)
        table.add_row(day.day.isoformat(), *map(str, numbers))
    Console().print(table)


def _share(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"


def _hours(hours: float | None) -> str:
    return "unknown" if hours is None else f"{hours:.1f} h"


def _move(finess: str, state: LaboratoryState, reason: str, environment: str) -> None:
    with told():
        register = Register(environment)
        change = register.change(state.value, reason)
        register.laboratories.put(moved(register.known(finess), state, change))


def _oauth_clients(deployed: Deployed) -> OAuthClients:
    return OAuthClients(
        aws.cognito_idp(),
        deployed.parameter("laboratories/client-pool"),
        deployed.parameter("laboratories/token-scope"),
    )


def _since(laboratory: Laboratory) -> str:
    """The day from which it is in its state."""
    moves = {"added", "resumed", "suspended", "removed"}
    days = [one.at.date().isoformat() for one in laboratory.changes if one.what in moves]
    return days[-1] if days else ""


def _particulars(file: Path) -> dict[str, Particulars]:
    """What a file says of laboratories, by FINESS.

    Raises:
        Rejected: `file`, it cannot be read or has other columns.
    """
    try:
        text = read_file(file).decode("utf-8-sig")
    except (ReadingError, UnicodeDecodeError) as error:
        raise Rejected("file", str(error)) from None
    rows = list(csv.DictReader(text.splitlines(), delimiter=";", strict=True))
    if any(set(row) != set(_COLUMNS) or None in row.values() for row in rows):
        raise Rejected("file", f"the columns are {';'.join(_COLUMNS)}")
    return {
        row["finess"]: Particulars(
            row["name"], row["subject"], row["email"], row["phone"] or None, _split(row["allow"])
        )
        for row in rows
    }


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _doubt(finess: str) -> None:
    for doubt in doubts(finess):
        typer.echo(f"warning: {doubt}", err=True)


def _print_needs(deployed: Deployed, laboratory: Laboratory) -> None:
    """What the laboratory's machine is set up with."""
    finess = laboratory.finess
    lines = [
        f"{finess} {laboratory.name} is registered",
        f"certificate: {laboratory.subject}",
        f"may report: {' '.join(laboratory.allowed)}",
        f"puts files at: s3://{deployed.parameter('buckets/inbox')}/{finess}/",
        f"finds answers at: s3://{deployed.parameter('buckets/outbox')}/{finess}/",
        *(f"{name}: {_arn(deployed, name)}" for name in _ARNS),
    ]
    typer.echo("\n".join(lines))


def _arn(deployed: Deployed, name: str) -> str:
    try:
        return deployed.parameter(f"laboratories/{name}")
    except Rejected:
        return "none: the environment names no laboratory_trust"
