"""`vigie revocation`: what is revoked, here and in other countries."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.foreign_batches import ForeignBatches, judged
from cli.kms_private_key import KmsPrivateKey
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.revocation_signer import create_upload_signer
from cli.signer_parameters import SignerParameters
from cli.upload_certificates import load_upload_certificates
from vigie import aws
from vigie.cms.signed_data import verify
from vigie.dcc.signer import kid
from vigie.errors import Rejected
from vigie.revocation.batch import instant, read_batch, read_list
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.revocation_bucket import BATCHES, FOREIGN, RevocationBucket
from vigie.revocation.stored_batch import StoredBatch

app = typer.Typer(help="Publish and take over batches of revocations.", no_args_is_help=True)

_COLUMNS = ("batch", "country", "kid", "hashes", "entries", "expires", "changed", "state")


@app.command()
def signer(
    organisation: Annotated[str, typer.Option(help="The authority that revokes.")],
    country: Annotated[str, typer.Option(help="The country, ISO 3166-1 alpha-2.")] = "FR",
    environment: Environment = "dev",
    key: Annotated[str | None, typer.Option(help="KMS key: ARN or alias.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make a new one though there is one.")
    ] = False,
) -> None:
    """Make the upload certificate that batches are signed with; nothing changes if there is one."""
    with told():
        published = create_upload_signer(
            SignerParameters(aws.ssm(), environment),
            KmsPrivateKey(aws.kms(), key or f"alias/vigie-{environment}-revocation"),
            country=country,
            organisation=organisation,
            now=datetime.now(UTC),
            replace=replace,
        )
    made = "made" if published.made else "kept: there is one of this key"
    typer.echo(f"upload certificate {made}: {kid(published.signer.der).hex()}")


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(help="<batch id>.cms: signed batches; .json: lists, of what was deleted."),
    ],
    upload: Annotated[
        list[Path],
        typer.Option(help="Trusted upload certificates, PEM or DER, or a gateway's trust list."),
    ],
    environment: Environment = "dev",
) -> None:
    """Take over signed batches, and delete those that a list says are deleted.

    What is refused is named with its reason, the others are taken over; the status is then 1.
    """
    now = datetime.now(UTC)
    refused = 0
    with told():
        foreign = _foreign(environment)
        trusted = _trusted(upload)
        for file in files:
            try:
                typer.echo(f"{file.name}: {_taken_over(foreign, file, trusted, now)}")
            except (Rejected, ReadingError) as error:
                code = error.code if isinstance(error, Rejected) else "unreadable"
                typer.echo(f"{file.name}: refused, {code}: {error}", err=True)
                refused += 1
    if refused:
        raise typer.Exit(1)


@app.command("list")
def list_(environment: Environment = "dev") -> None:
    """Print our batches and those of other countries."""
    now = datetime.now(UTC)
    with told():
        foreign = _foreign(environment)
        batches = [*foreign.reader.own(), *foreign.reader.foreign()]
    table = Table(*_COLUMNS)
    for batch in batches:
        table.add_row(*_row(batch, now))
    Console(width=180).print(table)


@app.command()
def show(
    batch_id: Annotated[str, typer.Argument(help="The batch's id, a UUID.")],
    environment: Environment = "dev",
) -> None:
    """Print what a batch says, and who signed it."""
    with told():
        bucket = _foreign(environment).bucket
        message = bucket.batch(BATCHES, batch_id) or bucket.batch(FOREIGN, batch_id)
        if message is None:
            raise Rejected("batch-unknown", "there is no batch of that id")
        verified = verify(message)
        batch = read_batch(verified.content)
    table = Table("batch", batch_id)
    table.add_row("country", batch.country)
    table.add_row("kid", "whatever signer" if batch.kid is None else batch.kid.hex())
    table.add_row("expires", instant(batch.expires))
    table.add_row("hashes of", batch.hash_type)
    table.add_row("signed by", kid(verified.certificate).hex())
    Console().print(table)
    for each in batch.hashes:
        typer.echo(each.hex())


def _foreign(environment: str) -> ForeignBatches:
    deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
    table = deployed.parameter("tables/revocations")
    return ForeignBatches(
        aws.dynamodb(),
        table,
        BatchReader(aws.dynamodb(), table),
        RevocationBucket(aws.s3(), deployed.parameter("buckets/revocation")),
    )


def _trusted(paths: list[Path]) -> dict[bytes, str]:
    try:
        return dict(load_upload_certificates(paths))
    except ReadingError as error:
        raise Rejected("upload-certificates", str(error)) from None


def _taken_over(
    foreign: ForeignBatches, file: Path, trusted: dict[bytes, str], now: datetime
) -> str:
    content = read_file(file)
    if file.suffix == ".json":
        return f"{foreign.delete(read_list(content), now)} batches deleted"
    batch, message = judged(file.stem, content, trusted, now)
    if not foreign.keep(batch, message):
        return "known"
    return f"{batch.entries} entries of {batch.country} taken over"


def _row(batch: StoredBatch, now: datetime) -> tuple[str, ...]:
    state = "deleted" if batch.deleted else "counts" if batch.counts(now) else "expired"
    return (
        batch.batch_id,
        batch.country,
        batch.kid or "whatever signer",
        batch.hash_type,
        str(batch.entries),
        instant(batch.expires),
        instant(batch.changed_at),
        state,
    )
