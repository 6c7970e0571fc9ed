"""`vigie federation`: the exchange of keys with other countries."""

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from cli import federation_install
from cli.deployed import Deployed
from cli.federation_install import read_text
from cli.options import Environment, told
from vigie import aws
from vigie.errors import Rejected
from vigie.federation.connection import GatewayConnection
from vigie.federation.credentials import Credentials
from vigie.federation.efgs_audit import AuditEntry
from vigie.federation.efgs_audit import audit as asked
from vigie.federation.federation_store import BatchRecord, Direction, FederationStore
from vigie.federation.gateway import Gateway
from vigie.federation.registered_gateways import read_gateways

app = typer.Typer(help="Exchange keys with other countries.", no_args_is_help=True)
app.add_typer(federation_install.app, name="install")

_COLUMNS = ("day", "direction", "tag", "keys", "taken", "known", "revised", "refused")


@app.command()
def status(
    environment: Environment = "dev",
    batches: Annotated[int, typer.Option(help="How many of the last batches.", min=0)] = 20,
) -> None:
    """Print how far the exchange with each gateway has come, and its last batches."""
    with told():
        store = _store(environment)
        for gateway in read_gateways(aws.ssm(), _parameter(environment)):
            _print_gateway(gateway, store)
            table = Table(*_COLUMNS)
            for record in islice(store.records(gateway.name), batches):
                table.add_row(*_row(record))
            Console(width=160).print(table)


@app.command()
def audit(
    gateway: Annotated[str, typer.Argument(help="The gateway's name in the settings.")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The batch's day.")],
    tag: Annotated[str, typer.Argument(help="The batch's tag.")],
    certificate: Annotated[
        Path | None, typer.Option(help="Ask the gateway too, with this client certificate; PEM.")
    ] = None,
    private_key: Annotated[Path | None, typer.Option(help="Its key; PEM.")] = None,
    authorities: Annotated[
        Path | None, typer.Option(help="Who issues the gateway's own certificate; PEM.")
    ] = None,
    environment: Environment = "dev",
) -> None:
    """Print what became of a batch, and what the gateway says of who uploaded it.

    The status is 1 if the gateway does not say of as many keys as the batch had.
    """
    with told():
        known = _gateway(environment, gateway)
        record = _store(environment).record(gateway, Direction.DOWNLOAD, day.date(), tag)
        if record is None:
            raise Rejected("batch-unknown", "no batch of that day and tag was taken over")
        typer.echo(record.model_dump_json(indent=2))
        if certificate is None or private_key is None:
            return
        credentials = Credentials(
            certificate=read_text(certificate),
            private_key=SecretStr(read_text(private_key)),
            authorities=None if authorities is None else read_text(authorities),
        )
        entries = asked(GatewayConnection(known.url, credentials), day.date(), tag)
        _compare(known, record, entries)


def _compare(gateway: Gateway, record: BatchRecord, entries: tuple[AuditEntry, ...]) -> None:
    for entry in entries:
        thumbprint = (entry.signing_thumbprint or "").rjust(64, "0")
        registered = thumbprint in gateway.countries.get(entry.country, ())
        word = "registered" if registered else "not registered"
        typer.echo(f"{entry.country} {entry.amount} keys, signed by {thumbprint}, {word}")
    # Our own uploads are in what it says and not in what it gives; of other countries that the
    # settings do not name, both are left out.
    said = sum(entry.amount for entry in entries if entry.country in gateway.countries)
    had = record.keys - record.refused.get("origin", 0)
    if said != had:
        raise Rejected("batch-keys", f"the gateway says of {said} keys, we had {had}")


def _print_gateway(gateway: Gateway, store: FederationStore) -> None:
    typer.echo(f"{gateway.name} ({gateway.protocol}): {' '.join(sorted(gateway.countries))}")
    download, offer = store.download_cursor(gateway.name), store.offer_cursor(gateway.name)
    typer.echo(f"downloaded: day {download.day or '-'}, batch {download.tag or '-'}")
    typer.echo(f"offered: until {'-' if offer is None else offer.hour.isoformat()}")


def _row(record: BatchRecord) -> tuple[str, ...]:
    refused = ", ".join(f"{rule} {count}" for rule, count in record.refused.items())
    counts = (record.keys, record.taken, record.known, record.revised)
    return (
        record.day.isoformat(),
        record.direction,
        record.tag,
        *(str(count) for count in counts),
        refused,
    )


def _parameter(environment: str) -> str:
    return f"/vigie/{environment}/federation/gateways"


def _store(environment: str) -> FederationStore:
    deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
    return FederationStore(aws.dynamodb(), deployed.parameter("tables/federation"))


def _gateway(environment: str, name: str) -> Gateway:
    found = [one for one in read_gateways(aws.ssm(), _parameter(environment)) if one.name == name]
    if not found:
        raise Rejected("gateway-unknown", "the settings name no such gateway")
    return found[0]
