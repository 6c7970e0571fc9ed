"""`vigie signer`: the life of document signers."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console
from rich.table import Table

from cli.kms_private_key import KmsPrivateKey
from cli.kms_public_key import KmsPublicKey
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.signer_parameters import SignerParameters
from cli.signer_record import SignerRecord, signs_until
from cli.signer_rotation import activate_signer, certify_request, create_signer, retire_signer
from cli.signing_authority import required_csca
from vigie import aws
from vigie.errors import Rejected

app = typer.Typer(help="Make, activate and retire document signers (DSC).", no_args_is_help=True)


class Group(StrEnum):
    """What a certificate is about, as a signer's extended key usage has it."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"


_LETTERS = {Group.VACCINATION: "v", Group.TEST: "t", Group.RECOVERY: "r"}
_NAMES = {letter: group.value for group, letter in _LETTERS.items()}


def _kid(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{16}", value):
        raise typer.BadParameter("16 hexadecimal digits, as vigie signer list has them")
    return value


Groups = Annotated[
    list[Group] | None, typer.Option("--for", help="What it signs; may stand twice; all.")
]
Kid = Annotated[str, typer.Argument(callback=_kid, help="Its key identifier, in hexadecimal.")]
Key = Annotated[
    str | None, typer.Option(help="KMS key of the signer: ARN or alias; alias/vigie-<…>-dsc.")
]
Request = Annotated[Path, typer.Argument(help="The signing request (PKCS #10), PEM or DER.")]
Out = Annotated[Path, typer.Option(help="Where to write the certificate, PEM.")]
AtOnce = Annotated[bool, typer.Option("--at-once", help="Although verifiers may not have it yet.")]
Compromised = Annotated[
    bool,
    typer.Option("--compromised", help="Trust it no more: all that it signed is lost."),
]


@app.command()
def create(environment: Environment = "dev", groups: Groups = None, key: Key = None) -> None:
    """Make a signer of a KMS key, and trust it; it signs nothing before it is activated."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        record = create_signer(
            parameters,
            KmsPublicKey.of(aws.kms(), key or f"alias/vigie-{environment}-dsc"),
            _csca_key(parameters),
            groups=_letters(groups),
            now=datetime.now(UTC),
        )
    typer.echo(f"signer {record.kid.hex()} made, for {_named(record.groups)}")
    typer.echo("publish it with vigie trust publish, and activate it in 48 hours")


@app.command()
def csr(
    request: Request, out: Out, environment: Environment = "dev", groups: Groups = None
) -> None:
    """Make a signer of a key in a foreign HSM, and trust it; the HSM signs by itself."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        try:
            content = read_file(request)
        except ReadingError as error:
            raise Rejected("file", str(error)) from None
        record = certify_request(
            parameters,
            content,
            _csca_key(parameters),
            groups=_letters(groups),
            now=datetime.now(UTC),
        )
    out.write_bytes(x509.load_der_x509_certificate(record.der).public_bytes(Encoding.PEM))
    typer.echo(f"signer {record.kid.hex()} made, for {_named(record.groups)}: {out}")


@app.command()
def activate(
    kid: Kid, environment: Environment = "dev", groups: Groups = None, at_once: AtOnce = False
) -> None:
    """Have a signer sign from now on, instead of who did."""
    with told():
        signed = activate_signer(
            SignerParameters(aws.ssm(), environment),
            aws.kms(),
            bytes.fromhex(kid),
            groups=_letters(groups),
            now=datetime.now(UTC),
            at_once=at_once,
        )
    typer.echo(f"signs {_named(signed)}, in five minutes at the latest")


@app.command()
def retire(kid: Kid, environment: Environment = "dev", compromised: Compromised = False) -> None:
    """Never have a signer sign again; it stays trusted until it expires."""
    with told():
        retire_signer(
            SignerParameters(aws.ssm(), environment),
            bytes.fromhex(kid),
            now=datetime.now(UTC),
            compromised=compromised,
        )
    typer.echo("trusted no more: publish the trust list" if compromised else "retired")


@app.command("list")
def list_command(environment: Environment = "dev") -> None:
    """List the signers that were made here, and what each one signs."""
    with told():
        parameters = SignerParameters(aws.ssm(), environment)
        records, active = parameters.records(), parameters.active()
        trusted = parameters.trusted()
    table = Table("kid", "state", "may sign", "signs until", "trusted until", "key")
    for record in records:
        signs = [group for group, one in active.items() if one.der == record.der]
        certificate = x509.load_der_x509_certificate(record.der)
        until = signs_until(certificate)
        table.add_row(
            record.kid.hex(),
            _state(record, signs),
            _named(record.groups),
            until.date().isoformat() if until else "",
            certificate.not_valid_after_utc.date().isoformat() if record.kid in trusted else "no",
            record.key_arn or "foreign HSM",
        )
    Console().print(table)


def _state(record: SignerRecord, signs: Sequence[str]) -> str:
    if signs:
        return f"signs {_named(signs)}"
    return "made" if record.retired_at is None else f"retired {record.retired_at.date()}"


def _csca_key(parameters: SignerParameters) -> KmsPrivateKey:
    return KmsPrivateKey(aws.kms(), required_csca(parameters).key_arn)


def _letters(groups: Sequence[Group] | None) -> tuple[str, ...]:
    return tuple(_LETTERS[group] for group in groups or ())


def _named(letters: Sequence[str]) -> str:
    return ", ".join(_NAMES[letter] for letter in letters)
