"""`vigie twoddoc`: the certificate that French 2D-DOC are signed with."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.deployed import Deployed
from cli.kms_private_key import KmsPrivateKey
from cli.kms_public_key import KmsPublicKey
from cli.list_publishing import list_bucket
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.trust_list import certificates_in
from cli.twoddoc_signer import (
    CERTIFICATE_ID,
    CodeSignerParameters,
    checked_signer,
    signing_request,
)
from cli.twoddoc_trust import publish_code_trust, trusted_list, with_signers
from vigie import aws
from vigie.dcc import signer
from vigie.errors import Rejected
from vigie.twoddoc.installed_signer import InstalledSigner

app = typer.Typer(help="Ask for, install and show the certificate of 2D-DOC.", no_args_is_help=True)
trust_app = typer.Typer(help="Whose 2D-DOC are trusted.", no_args_is_help=True)
app.add_typer(trust_app, name="trust")


def _certificate_id(value: str) -> str:
    if not re.fullmatch(CERTIFICATE_ID, value):
        raise typer.BadParameter("4 capital letters or digits")
    return value


@app.command()
def csr(
    organisation: Annotated[str, typer.Option(help="The authority that issues.")],
    certificate_id: Annotated[
        str,
        typer.Option(
            callback=_certificate_id,
            help="What the certification authority calls the certificate, 4 characters.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where to write the request, PEM.")],
    siren: Annotated[str | None, typer.Option(help="SIREN of the organisation.")] = None,
    country: Annotated[str, typer.Option(help="The country, ISO 3166-1 alpha-2.")] = "FR",
    environment: Environment = "dev",
) -> None:
    """Write the signing request that a certification authority of ANTS's list asks for."""
    with told():
        request = signing_request(
            KmsPrivateKey(aws.kms(), _key(environment)),
            country=country,
            organisation=organisation,
            unit=None if siren is None else f"0002 {siren}",
            certificate_id=certificate_id,
        )
    out.write_bytes(request)
    typer.echo(f"send it to the authority, and install what comes back: {out}")


@app.command()
def install(
    certificate: Annotated[Path, typer.Option(help="What the authority sent, PEM or DER.")],
    environment: Environment = "dev",
) -> None:
    """Check a certificate, and have 2D-DOC signed with it from now on."""
    with told():
        authority = _deployed(environment).parameter("twoddoc-authority")
        installed = checked_signer(
            _one_certificate(certificate),
            KmsPublicKey.of(aws.kms(), _key(environment)),
            authority,
            datetime.now(UTC),
        )
        CodeSignerParameters(aws.ssm(), environment).install(installed)
    typer.echo("signs 2D-DOC, in five minutes at the latest")
    _print(installed)


@app.command()
def show(environment: Environment = "dev") -> None:
    """Print the certificate that 2D-DOC are signed with, and those before it."""
    with told():
        parameters = CodeSignerParameters(aws.ssm(), environment)
        current, installed = parameters.current(), parameters.installed()
    if current is None:
        typer.echo("none: no 2D-DOC is issued")
        return
    _print(current)
    for one in installed:
        if one != current:
            typer.echo(f"before: {one.authority} {one.certificate_id}")


@trust_app.command("import")
def import_(
    tsl: Annotated[Path, typer.Option(help="ANTS's list of authorities, tsl_signed.xml.")],
    signed_by: Annotated[
        str | None,
        typer.Option(help="SHA-256 of the certificate that signs the list, hexadecimal."),
    ] = None,
    signer_files: Annotated[
        list[Path] | None,
        typer.Option("--signer", help="Certificates of signers, PEM or DER, or a list."),
    ] = None,
    environment: Environment = "dev",
) -> None:
    """Check ANTS's list and who is certified by it, and publish both for verifiers.

    The own certificates that were installed are among the signers. Those that no authority of
    the list certified are named with the reason, and not trusted.
    """
    with told():
        try:
            trusted = trusted_list(read_file(tsl), signed_by)
            own = [one.der for one in CodeSignerParameters(aws.ssm(), environment).installed()]
            given = [der for path in signer_files or () for der in certificates_in(path)]
        except ReadingError as error:
            raise Rejected("file", str(error)) from None
        judged, refused = with_signers(trusted, [*own, *given])
        publish_code_trust(list_bucket(_deployed(environment)), judged, datetime.now(UTC))
    table = Table("authority", "organisation", "signers' certificates")
    for authority in judged.authorities:
        table.add_row(authority.name, Text(authority.organisation), Text(authority.directory or ""))
    Console().print(table)
    for reason in refused:
        typer.echo(reason, err=True)
    typer.echo(f"list {judged.sequence}: {len(judged.signers)} signers trusted")


def _print(installed: InstalledSigner) -> None:
    read = signer.read(installed.der)
    table = Table("2D-DOC", f"{installed.authority} {installed.certificate_id}")
    table.add_row("subject", Text(read.subject))
    table.add_row("valid from", read.not_before.isoformat())
    table.add_row("valid until", read.not_after.isoformat())
    table.add_row("key", installed.key_arn)
    Console().print(table)


def _one_certificate(path: Path) -> bytes:
    try:
        found = certificates_in(path)
    except ReadingError as error:
        raise Rejected("file", str(error)) from None
    if len(found) != 1:
        raise Rejected("file", f"{path.name}: not one certificate")
    return found[0]


def _key(environment: str) -> str:
    return _deployed(environment).parameter("keys/twoddoc")


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
