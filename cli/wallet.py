"""`vigie wallet`: who signs passes for the wallets of phones."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployed import Deployed
from cli.kms_rsa_private_key import KmsRsaPrivateKey
from cli.options import Environment, told
from cli.printing import printable
from cli.reading import ReadingError, read_file
from cli.wallet_signers import (
    WalletSigners,
    apple_signer,
    google_signer,
    signing_request,
    upload_certificate,
)
from vigie import aws
from vigie.errors import Rejected
from vigie.wallets.installed import AppleSigner, GoogleSigner

app = typer.Typer(help="Set up passes for Apple's and Google's wallets.", no_args_is_help=True)
apple_app = typer.Typer(help="Passes for Apple Wallet.", no_args_is_help=True)
google_app = typer.Typer(help="Passes for Google Wallet.", no_args_is_help=True)
app.add_typer(apple_app, name="apple")
app.add_typer(google_app, name="google")

Out = Annotated[Path, typer.Option(help="Where to write it, PEM.")]
Key = Annotated[
    str | None, typer.Option(help="KMS key: ARN or alias; alias/vigie-<environment>-<…>-wallet.")
]


@apple_app.command()
def csr(out: Out, environment: Environment = "dev", key: Key = None) -> None:
    """Write the signing request that Apple's developer portal asks for."""
    with told():
        out.write_bytes(signing_request(_key(key, environment, "apple"), environment))
    typer.echo(f"upload it as the signing request of the pass type: {out}")


@apple_app.command("install")
def install_apple(
    certificate: Annotated[Path, typer.Option(help="Of the pass type, as Apple gives it.")],
    wwdr: Annotated[Path, typer.Option(help="Of Apple's CA that issued it (WWDR).")],
    pass_type: Annotated[str, typer.Option(help="As registered, pass.….")],
    team: Annotated[str, typer.Option(help="The team's identifier.")],
    environment: Environment = "dev",
    key: Key = None,
) -> None:
    """Check what Apple issued, and give passes from now on."""
    with told():
        signer = apple_signer(
            _key(key, environment, "apple"),
            _content(certificate),
            _content(wwdr),
            pass_type=pass_type,
            team=team,
            now=datetime.now(UTC),
        )
        WalletSigners(aws.ssm(), environment).install(signer)
    _say_installed(signer)


@google_app.command("certificate")
def google_certificate(out: Out, environment: Environment = "dev", key: Key = None) -> None:
    """Write the certificate to upload as a key of the service account."""
    with told():
        own = _key(key, environment, "google")
        out.write_bytes(upload_certificate(own, environment, datetime.now(UTC)))
    typer.echo(f"upload it as a key of the service account: {out}")


@google_app.command("install")
def install_google(
    certificate: Annotated[Path, typer.Option(help="As it was uploaded.")],
    issuer_id: Annotated[str, typer.Option(help="The issuer's number at Google Wallet.")],
    service_account: Annotated[str, typer.Option(help="Its e-mail address.")],
    origin: Annotated[
        str | None, typer.Option(help="Where the link is shown; the service's address.")
    ] = None,
    environment: Environment = "dev",
    key: Key = None,
) -> None:
    """Check what Google was given, and give passes from now on."""
    with told():
        signer = google_signer(
            _key(key, environment, "google"),
            _content(certificate),
            issuer_id=issuer_id,
            service_account=service_account,
            origin=origin or _public_url(environment),
            now=datetime.now(UTC),
        )
        WalletSigners(aws.ssm(), environment).install(signer)
    _say_installed(signer)


@app.command()
def show(environment: Environment = "dev") -> None:
    """Print who signs passes, and until when."""
    with told():
        signers = WalletSigners(aws.ssm(), environment)
        apple, google = signers.apple(), signers.google()
    table = Table("wallet", "of", "valid until", "key")
    for name, signer in (("Apple", apple), ("Google", google)):
        if signer is None:
            table.add_row(name, "not set up", "", "")
        else:
            until = signer.parsed.not_valid_after_utc.isoformat()
            table.add_row(name, printable(_of(signer)), until, printable(signer.key_arn))
    Console().print(table)


def _of(signer: AppleSigner | GoogleSigner) -> str:
    if isinstance(signer, AppleSigner):
        return f"{signer.pass_type}, team {signer.team}"
    return f"issuer {signer.issuer_id}, {signer.service_account}"


def _say_installed(signer: AppleSigner | GoogleSigner) -> None:
    until = signer.parsed.not_valid_after_utc.date()
    typer.echo(f"installed, until {until}: {_of(signer)}; functions follow within five minutes")


def _key(key: str | None, environment: str, wallet: str) -> KmsRsaPrivateKey:
    return KmsRsaPrivateKey(aws.kms(), key or f"alias/vigie-{environment}-{wallet}-wallet")


def _public_url(environment: str) -> str:
    deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
    return deployed.parameter("public-url")


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except ReadingError as error:
        raise Rejected("file", f"{path.name}: {error}") from None
