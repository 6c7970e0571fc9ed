"""`vigie tracing`: the key and the verification of exports; issuers of codes; figures."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from pydantic import AwareDatetime, TypeAdapter
from rich.console import Console
from rich.table import Table

from cli import attestation, issuer
from cli.deployed import Deployed
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from cli.tracing_figures import (
    CERTIFIED,
    CLAIMED,
    DELAYS,
    GIVEN,
    ISSUED,
    Figures,
    figures_of,
    shown,
    shown_total,
)
from vigie import aws
from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing.analytics_sums import AnalyticsSums
from vigie.tracing.export_format import SignatureInfo
from vigie.tracing.export_reader import KeyExport, read_verified
from vigie.tracing.survey import QUESTIONS

app = typer.Typer(
    help="Show and use the key that signs exports of keys; keep the issuers of codes and the keys"
    " of Play Integrity; tell the figures of tracing.",
    no_args_is_help=True,
)
app.add_typer(issuer.app, name="issuer")
app.add_typer(attestation.app, name="attestation")

Key = Annotated[
    str | None, typer.Option(help="KMS key: ARN or alias; alias/vigie-<environment>-export.")
]


class _VerificationKey(Frozen):
    """A key that signs exports, as the stack published it.

    Attributes:
        id: `verification_key_id`.
        version: `verification_key_version`.
        alias: of the KMS key.
        since: from when on it signs; always, if None.
        until: until when it signs, exclusive; for good, if None.
    """

    id: str
    version: str
    alias: str
    since: AwareDatetime | None
    until: AwareDatetime | None

    def signs_at(self, now: datetime) -> bool:
        """Whether it signs what is exported at a time."""
        return (self.since is None or self.since <= now) and (
            self.until is None or now < self.until
        )


_KEYS = TypeAdapter(tuple[_VerificationKey, ...])


@app.command("verification-keys")
def verification_keys_command(environment: Environment = "dev") -> None:
    """List the keys that sign exports, have signed or will: id, version, from, until."""
    with told():
        keys = _verification_keys(environment)
    now = datetime.now(UTC)
    for key in keys:
        since = "always" if key.since is None else key.since.isoformat()
        until = "-" if key.until is None else key.until.isoformat()
        signs = "signs" if key.signs_at(now) else "does not sign"
        typer.echo(f"{key.id} {key.version} {since} {until} {signs}")


@app.command("public-key")
def public_key_command(
    environment: Environment = "dev",
    key: Key = None,
    version: Annotated[
        str | None, typer.Option(help="verification_key_version; that of the first key.")
    ] = None,
) -> None:
    """Print the public key in PEM, and on standard error the names that phones know it by."""
    with told():
        named = _of_version(_verification_keys(environment), version)
        public_key = _deployed_key(environment, key or named.alias)
    info = SignatureInfo(verification_key_id=named.id, verification_key_version=named.version)
    typer.echo(_pem(public_key), nl=False)
    typer.echo(f"verification_key_id: {info.verification_key_id}", err=True)
    typer.echo(f"verification_key_version: {info.verification_key_version}", err=True)
    typer.echo(f"signature_algorithm: {info.signature_algorithm}", err=True)


@app.command()
def verify(
    export: Annotated[Path, typer.Argument(help="A zip that the index lists.")],
    public_key: Annotated[
        Path | None, typer.Option(help="The public key in PEM, instead of the environment's.")
    ] = None,
    environment: Environment = "dev",
    key: Key = None,
) -> None:
    """Verify an export and say what it holds: exit status 0 if it is signed, else 1."""
    with told():
        try:
            archive = read_file(export)
            trusted = (
                _deployed_key(environment, key)
                if public_key is None
                else _key_in(read_file(public_key))
            )
        except ReadingError as error:
            raise Rejected("file", str(error)) from None
        _print(read_verified(archive, trusted))


@app.command()
def figures(
    days: Annotated[int, typer.Option(min=1, max=92, help="How many, today included.")] = 7,
    environment: Environment = "dev",
) -> None:
    """Print counts of the last days (UTC), and what the reports of phones say."""
    with told():
        deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
        sums = AnalyticsSums(aws.dynamodb(), deployed.parameter("tables/analytics"))
        found = figures_of(aws.cloudwatch(), sums, days, datetime.now(UTC))
    _print_counts(found)
    _print_answers(found)


def _print_counts(found: Figures) -> None:
    table = Table("", *(f"{day:%d %b}" for day in found.days), "all")
    for measure, counts in found.counts.items():
        table.add_row(measure.title, *map(shown, counts), shown_total(counts))
    Console().print(table)
    typer.echo(f"codes claimed of those issued: {found.share([CLAIMED], [ISSUED])}")
    typer.echo(f"certificates of codes claimed: {found.share([CERTIFIED], [CLAIMED])}")
    # Every upload by an upload code has a delay.
    typer.echo(f"uploads of upload codes given: {found.share(DELAYS, GIVEN)}")


def _print_answers(found: Figures) -> None:
    table = Table("question", "reports", "option", "estimate", "95 % interval")
    for question, (reports, estimates) in found.answers.items():
        for option, estimate in zip(QUESTIONS[question], estimates, strict=False):
            middle, low, high = (
                min(max(round(estimate.number + aside), 0), reports)
                for aside in (0, -estimate.margin, estimate.margin)
            )
            table.add_row(question, f"{reports:,}", option, f"{middle:,}", f"{low:,} to {high:,}")
    Console().print(table)


def _print(export: KeyExport) -> None:
    frame = export.frame
    typer.echo(f"released from {frame.start.isoformat()} to {frame.end.isoformat()}")
    for info in frame.signature_infos:
        typer.echo(f"signed by {info.verification_key_id} {info.verification_key_version}")
    typer.echo(f"{len(export.keys)} keys, {len(export.revised_keys)} revised keys")


def _deployed_key(environment: str, key: str | None) -> ec.EllipticCurvePublicKey:
    key_id = key or f"alias/vigie-{environment}-export"
    with aws_errors("kms-public-key"):
        found = load_der_public_key(aws.kms().get_public_key(KeyId=key_id)["PublicKey"])
    return _on_p256(found)


def _key_in(pem: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return _on_p256(load_pem_public_key(pem))
    except ValueError:
        raise Rejected("key-type", "the file holds no public key in PEM") from None


def _on_p256(found: object) -> ec.EllipticCurvePublicKey:
    if isinstance(found, ec.EllipticCurvePublicKey) and isinstance(found.curve, ec.SECP256R1):
        return found
    raise Rejected("key-type", "the public key is not on the curve P-256")


def _verification_keys(environment: str) -> tuple[_VerificationKey, ...]:
    path = f"/vigie/{environment}/tracing/verification-keys"
    with aws_errors("parameters"):
        written = aws.ssm().get_parameter(Name=path)["Parameter"]["Value"]
    return _KEYS.validate_json(written)


def _of_version(keys: tuple[_VerificationKey, ...], version: str | None) -> _VerificationKey:
    for key in keys:
        if version in {None, key.version}:
            return key
    raise Rejected("key-version", "no key that signs exports has this version")


def _pem(public_key: ec.EllipticCurvePublicKey) -> str:
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
