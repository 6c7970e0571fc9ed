"""`vigie pki`: the certificates of those who sign health certificates."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.kms_private_key import KmsPrivateKey
from cli.kms_public_key import KmsPublicKey
from cli.options import Environment, told
from cli.signer_parameters import SignerParameters
from cli.signer_record import signs_until
from cli.signing_authority import (
    Published,
    create_csca,
    issue_dsc,
    link_csca,
    required_csca,
    required_former_csca,
)
from vigie import aws
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc.signer import kid

app = typer.Typer(
    help="Make and show the country's signing CA (CSCA) and document signers (DSC).",
    no_args_is_help=True,
)
# X.520, ub-organization-name.
_NAME_LENGTH = 64
csca_app = typer.Typer(help="The country signing CA.", no_args_is_help=True)
dsc_app = typer.Typer(help="The document signers.", no_args_is_help=True)
app.add_typer(csca_app, name="csca")
app.add_typer(dsc_app, name="dsc")


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise typer.BadParameter("two capital letters")
    return value


def _organisation(value: str) -> str:
    if not 1 <= len(value) <= _NAME_LENGTH:
        raise typer.BadParameter(f"1 to {_NAME_LENGTH} characters")
    return value


Country = Annotated[str, typer.Option(callback=_country, help="The country, ISO 3166-1 alpha-2.")]
Organisation = Annotated[
    str, typer.Option(callback=_organisation, help="The authority that issues.")
]
Key = Annotated[
    str | None,
    typer.Option(
        help="KMS key: ARN or alias; alias/vigie-<environment>-csca or -dsc (-dsc-rsa for PS256)."
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Make a new one though there is one.")]


@csca_app.command()
def create(
    organisation: Organisation,
    country: Country = "FR",
    environment: Environment = "dev",
    key: Key = None,
    replace: Replace = False,
) -> None:
    """Make the self-signed CSCA and publish it; nothing changes if there is one."""
    with told():
        published = create_csca(
            SignerParameters(aws.ssm(), environment),
            KmsPrivateKey(aws.kms(), key or f"alias/vigie-{environment}-csca"),
            country=country,
            organisation=organisation,
            now=datetime.now(UTC),
            replace=replace,
        )
    _print_published("CSCA", published)


@csca_app.command()
def link(
    out: Annotated[Path, typer.Option(help="Where to write the certificate, PEM.")],
    environment: Environment = "dev",
) -> None:
    """Make the link certificate, in which the former CSCA vouches for the present one."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        former_key = KmsPrivateKey(aws.kms(), required_former_csca(parameters).key_arn)
        certificate = link_csca(parameters, former_key)
    out.write_bytes(certificate.public_bytes(Encoding.PEM))
    typer.echo(f"valid until {certificate.not_valid_after_utc.date()}: {out}")


@dsc_app.command()
def issue(environment: Environment = "dev", key: Key = None, replace: Replace = False) -> None:
    """Make a DSC, trust it and have it sign; nothing changes if there is one."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        published = issue_dsc(
            parameters,
            KmsPublicKey.of(aws.kms(), key or f"alias/vigie-{environment}-dsc"),
            KmsPrivateKey(aws.kms(), required_csca(parameters).key_arn),
            now=datetime.now(UTC),
            replace=replace,
        )
    _print_published("DSC", published)


@app.command()
def show(environment: Environment = "dev") -> None:
    """Print the CSCA, the current DSC and every DSC that is trusted."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        csca, dsc = parameters.csca(), parameters.current_dsc()
        trusted = parameters.trusted()
    _print_signer("CSCA", csca)
    _print_signer("current DSC", dsc)
    table = Table("kid", "subject", "valid until", title="Trusted", title_justify="left")
    for signer in (signer for signers in trusted.values() for signer in signers):
        table.add_row(signer.kid.hex(), Text(signer.subject), signer.not_after.isoformat())
    Console().print(table)


def _print_published(role: str, published: Published) -> None:
    typer.echo(f"{role} {'made' if published.made else 'kept: there is one of this key'}")
    _print_signer(role, published.signer)


def _print_signer(role: str, signer: DocumentSigner | None) -> None:
    if signer is None:
        typer.echo(f"{role}: none")
        return
    certificate = x509.load_der_x509_certificate(signer.der)
    table = Table(role, "value")
    table.add_row("subject", Text(certificate.subject.rfc4514_string()))
    table.add_row("issuer", Text(certificate.issuer.rfc4514_string()))
    table.add_row("kid", kid(signer.der).hex())
    table.add_row("valid from", certificate.not_valid_before_utc.isoformat())
    table.add_row("valid until", certificate.not_valid_after_utc.isoformat())
    until = signs_until(certificate)
    table.add_row("signs until", "not given" if until is None else until.isoformat())
    table.add_row("key", signer.key_arn)
    Console().print(table)
