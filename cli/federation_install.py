"""`vigie federation install`: who signs our batches, and who we are for a gateway."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cli.kms_private_key import KmsPrivateKey
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from vigie import aws
from vigie.aws import aws_errors
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc.x509_profile import Subject, build_upload
from vigie.errors import Rejected
from vigie.federation.connection import GatewayUnavailable
from vigie.federation.credentials import Credentials
from vigie.federation.efgs_signing import thumbprint_of

app = typer.Typer(help="Install the certificates of the federation.", no_args_is_help=True)


@app.command()
def signer(
    organisation: Annotated[
        str, typer.Option(help="The authority that shares keys; of a certificate made here.")
    ] = "",
    country: Annotated[str, typer.Option(help="The country, ISO 3166-1 alpha-2.")] = "FR",
    certificate: Annotated[
        Path | None,
        typer.Option(help="A certificate of the key, PEM, instead of one that the key signs."),
    ] = None,
    environment: Environment = "dev",
    key: Annotated[str | None, typer.Option(help="KMS key: ARN or alias.")] = None,
) -> None:
    """Have batches signed with a certificate; print it, to be registered at the gateway."""
    with told():
        signing_key = KmsPrivateKey(aws.kms(), key or f"alias/vigie-{environment}-federation")
        installed = (
            _made(signing_key, country, organisation)
            if certificate is None
            else _certificate(_read(certificate))
        )
        _refuse_other(installed, signing_key)
        signer = DocumentSigner.of(signing_key.arn, installed.public_bytes(Encoding.DER))
        with aws_errors("parameters"):
            aws.ssm().put_parameter(
                Name=f"/vigie/{environment}/federation/signer",
                Value=signer.model_dump_json(),
                Type="String",
                Overwrite=True,
            )
    typer.echo(installed.public_bytes(Encoding.PEM).decode("ascii"), nl=False)
    typer.echo(f"thumbprint {thumbprint_of(signer.der)}", err=True)


@app.command()
def tls(
    gateway: Annotated[str, typer.Argument(help="The gateway's name in the settings.")],
    certificate: Annotated[
        Path, typer.Option(help="The client certificate, and its issuers after it; PEM.")
    ],
    private_key: Annotated[Path, typer.Option(help="Its key without a passphrase; PEM.")],
    authorities: Annotated[
        Path | None, typer.Option(help="Who issues the gateway's own certificate; PEM.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="VIGIE_GATEWAY_TOKEN", help="What an interop service knows us by."),
    ] = None,
    environment: Environment = "dev",
) -> None:
    """Put into the gateway's secret what the functions connect with."""
    with told():
        client = _certificate(_read(certificate))
        now = datetime.now(UTC)
        if not client.not_valid_before_utc <= now <= client.not_valid_after_utc:
            raise Rejected("certificate-validity", "the client certificate does not hold now")
        value = {
            "certificate": read_text(certificate),
            "private_key": read_text(private_key),
            "authorities": None if authorities is None else read_text(authorities),
            "token": token,
        }
        _refuse_unusable(value)
        with aws_errors("secrets"):
            aws.secretsmanager().put_secret_value(
                SecretId=f"vigie-{environment}-federation-{gateway}",
                SecretString=json.dumps(value),
            )
    typer.echo(f"installed for {gateway}, until {client.not_valid_after_utc.isoformat()}")
    typer.echo(f"thumbprint {thumbprint_of(client.public_bytes(Encoding.DER))}", err=True)


def _made(key: KmsPrivateKey, country: str, organisation: str) -> x509.Certificate:
    if not organisation:
        raise Rejected("organisation", "give --organisation, or a --certificate of the key")
    serial = x509.random_serial_number()
    subject = Subject(country, organisation, f"Diagnosis keys {serial:x}"[:64])
    # Valid at once, whatever a function's clock says.
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return build_upload(subject, key, serial=serial, not_before=midnight)


def _refuse_other(certificate: x509.Certificate, key: KmsPrivateKey) -> None:
    if certificate.public_key() != key.public_key():
        raise Rejected("signer-key", "the certificate is not of the key that signs")


def _refuse_unusable(value: dict[str, str | None]) -> None:
    """Try certificate, key and authorities as the functions would."""
    try:
        Credentials.model_validate(value).tls()
    except (GatewayUnavailable, ValueError):
        raise Rejected(
            "credentials-tls", "certificate, key or authorities cannot be used together"
        ) from None


def _certificate(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Rejected("certificate", "the file holds no certificate in PEM") from None


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except ReadingError as error:
        raise Rejected("file", str(error)) from None


def read_text(path: Path) -> str:
    """A file in PEM.

    Raises:
        Rejected: `file`.
    """
    try:
        return _read(path).decode("ascii")
    except UnicodeDecodeError:
        raise Rejected("file", f"{path.name} is not PEM") from None
