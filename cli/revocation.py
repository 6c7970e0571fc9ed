"""`vigie revocation`: what is revoked, here and in other countries."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.foreign_batches import ForeignBatches, Judge, gateway_id_of
from cli.kms_private_key import KmsPrivateKey
from cli.list_publishing import list_bucket
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.revocation_signer import create_upload_signer
from cli.signer_parameters import SignerParameters
from cli.uploaders import PinnedUploaders, Uploader, read_uploaders
from vigie import aws
from vigie.cms.signed_data import verify
from vigie.dcc.signer import kid
from vigie.errors import Rejected
from vigie.lists.published_lists import PublishedLists
from vigie.revocation.batch import instant, read_batch, read_list
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.revocation_bucket import BATCHES, FOREIGN, RevocationBucket
from vigie.revocation.stored_batch import StoredBatch
from vigie.trust.trusted_kids import TrustedKids

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
        typer.Argument(
            help="Signed batches, named by the gateway's id; .json: lists, of what was deleted."
        ),
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
        judge = Judge(
            list(PinnedUploaders(aws.ssm(), environment).all()),
            TrustedKids(PublishedLists(list_bucket(_deployed(environment)))),
            now,
        )
        for file in files:
            try:
                typer.echo(f"{file.name}: {_taken_over(foreign, file, judge)}")
            except (Rejected, ReadingError) as error:
                code = error.code if isinstance(error, Rejected) else "unreadable"
                typer.echo(f"{file.name}: refused, {code}: {error}", err=True)
                refused += 1
    if refused:
        raise typer.Exit(1)


@app.command()
def trust(
    files: Annotated[
        list[Path],
        typer.Argument(help="Upload certificates, PEM or DER, or the gateway's trust list, JSON."),
    ],
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="The gateway's trust anchors, PEM or DER; a trust list needs one."),
    ] = None,
    environment: Environment = "dev",
) -> None:
    """Pin upload certificates of other countries: batches that they signed may be taken over.

    What is refused is named with its reason, the others are pinned; the status is then 1.
    """
    pinned = PinnedUploaders(aws.ssm(), environment)
    with told():
        try:
            uploaders, found = read_uploaders(files, anchor or [], datetime.now(UTC))
        except ReadingError as error:
            raise Rejected("unreadable", str(error)) from None
        for uploader in uploaders:
            pinned.pin(uploader)
            typer.echo(_told(uploader))
    refused = [one for one in found.refusals if one.place]
    for one in refused:
        typer.echo(f"{one.place}: refused, {one.rule}: {one.reason}", err=True)
    if refused:
        raise typer.Exit(1)


@app.command()
def trusted(environment: Environment = "dev") -> None:
    """Print the upload certificates that are pinned."""
    with told():
        for uploader in PinnedUploaders(aws.ssm(), environment).all():
            typer.echo(_told(uploader))


@app.command()
def distrust(
    fingerprint: Annotated[str, typer.Argument(help="SHA-256 of the certificate, hexadecimal.")],
    environment: Environment = "dev",
) -> None:
    """Take nothing over any more that an upload certificate signs; what was taken over stays."""
    with told():
        PinnedUploaders(aws.ssm(), environment).unpin(fingerprint)


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
        if gateway_id_of(batch_id) is None:
            raise Rejected("batch-id", "a batch's id is a UUID")
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


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _foreign(environment: str) -> ForeignBatches:
    deployed = _deployed(environment)
    table = deployed.parameter("tables/revocations")
    return ForeignBatches(
        aws.dynamodb(),
        table,
        BatchReader(aws.dynamodb(), table),
        RevocationBucket(aws.s3(), deployed.parameter("buckets/revocation")),
    )


def _taken_over(foreign: ForeignBatches, file: Path, judge: Judge) -> str:
    content = read_file(file)
    if file.suffix == ".json":
        return f"{foreign.delete(read_list(content), judge.now)} batches deleted"
    batch, message = judge.judged(content, gateway_id_of(file.stem))
    if not foreign.keep(batch, message):
        return "known"
    remark = "" if batch.gateway_id else "; without the gateway's id no list can delete it"
    return f"{batch.entries} entries of {batch.country} taken over as {batch.batch_id}{remark}"


def _told(uploader: Uploader) -> str:
    return f"{uploader.country} {uploader.fingerprint}, until {instant(uploader.not_after)}"


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
