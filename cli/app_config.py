"""`vigie app-config`: what phones are configured with."""

from __future__ import annotations

import difflib
import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.app_config_publishing import (
    APP_CONFIG,
    ChangeRecord,
    history,
    in_force,
    numbered,
    publish,
    schema,
)
from cli.deployed import Deployed
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from vigie import aws
from vigie.app_configuration.configuration import read_configuration
from vigie.app_configuration.document import read_signed
from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.lists.list_bucket import ListBucket
from vigie.lists.list_signer import ListSigner

if TYPE_CHECKING:
    from cli.app_config_publishing import InForce
    from vigie.app_configuration.configuration import AppConfiguration

app = typer.Typer(
    help="Check, publish and take back the configuration of the tracing app.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="A configuration in JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Number = Annotated[int, typer.Argument(help="Number of a version, as `show` lists them.")]


@app.command()
def check(file: File) -> None:
    """Check a configuration, and say which texts fall back to another language."""
    with told():
        configuration = _read(file)
    _tell_of(configuration)


@app.command("set")
def set_command(file: File, environment: Environment = "dev", yes: Yes = False) -> None:
    """Check a configuration, show what changes, and publish it."""
    with told():
        configuration = _read(file)
        _tell_of(configuration)
        _change(environment, configuration, yes=yes)


@app.command()
def rollback(number: Number, environment: Environment = "dev", yes: Yes = False) -> None:
    """Publish what an earlier version says, as a new one."""
    with told():
        configuration = read_configuration(numbered(_bucket(_deployed(environment)), number))
        _change(environment, configuration, yes=yes, restored=number)


@app.command()
def diff(
    other: Annotated[
        str, typer.Argument(help="A file, or the number of a version; the one before by default.")
    ] = "",
    environment: Environment = "dev",
) -> None:
    """Show what differs: from the version in force to a file, or from a version to it."""
    with told():
        bucket = _bucket(_deployed(environment))
        present = _needed(in_force(bucket))
        number = other or str(present.record.number - 1)
        if not number.isdecimal():
            lines = _difference(present.content, _read(Path(other)).canonical())
        elif number == "0":
            lines = _difference(None, present.content)
        else:
            lines = _difference(numbered(bucket, int(number)), present.content)
    typer.echo("\n".join(lines) or "no difference")


@app.command()
def show(
    environment: Environment = "dev",
    output: Annotated[
        Path | None, typer.Option(help="Write what is in force there, to change and set.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="How many versions to list.")] = 10,
) -> None:
    """List the versions: who published each, when, and what it says."""
    with told():
        deployed = _deployed(environment)
        bucket, address = _bucket(deployed), deployed.parameter("tracing-url")
        present = _needed(in_force(bucket))
        records = [record for _, record in islice(history(bucket), last)]
    table = Table("version", "published", "by", "sha256", "", title_justify="left")
    for record in records:
        again = "" if record.restored is None else f"version {record.restored} again"
        table.add_row(str(record.number), f"{record.at:%F %T}", record.by, record.sha256, again)
    Console().print(table)
    typer.echo(f"{address}/{APP_CONFIG}/current.json")
    if output is not None:
        output.write_text("\n".join(_lines(present.content)) + "\n", encoding="utf-8")


@app.command()
def verify(
    document: Annotated[Path, typer.Argument(help="A signed document that was downloaded.")],
    keys: Annotated[
        Path | None, typer.Option(help="The keys as a JWKS, instead of the environment's.")
    ] = None,
    environment: Environment = "dev",
) -> None:
    """Verify a signed document, offline with `--keys`: exit status 0 if it is signed, else 1."""
    with told():
        known = [dict(_signer(_deployed(environment)).jwk)] if keys is None else _jwks(keys)
        read = read_signed(_content(document).strip(), known)
    typer.echo(f"version {read.number}, published {read.published_at.isoformat()}")
    typer.echo(f"sha256 {read.configuration.sha256}")


@app.command("keys")
def keys_command(environment: Environment = "dev") -> None:
    """Print the public key as a JWKS, to put into the app."""
    with told():
        typer.echo(json.dumps({"keys": [dict(_signer(_deployed(environment)).jwk)]}, indent=2))


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a configuration."""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


def _change(
    environment: str, configuration: AppConfiguration, *, yes: bool, restored: int | None = None
) -> None:
    deployed = _deployed(environment)
    bucket = _bucket(deployed)
    present = in_force(bucket)
    lines = _difference(None if present is None else present.content, configuration.canonical())
    if present is not None and not lines:
        # Whoever published it may have died before the copies were made.
        bucket.make_public(APP_CONFIG, present.publication)
        typer.echo(f"version {present.record.number} says the same already")
        return
    typer.echo("\n".join(lines))
    if not yes and not typer.confirm("Publish this to every phone?"):
        raise typer.Exit(1)
    record = publish(
        bucket,
        _signer(deployed),
        configuration,
        datetime.now(UTC),
        by=_caller(),
        replaced=present,
        restored=restored,
    )
    _tell(record)


def _tell(record: ChangeRecord) -> None:
    typer.echo(f"version {record.number}, published {record.at.isoformat()}")
    typer.echo(f"by {record.by}")
    typer.echo(f"sha256 {record.sha256}")


def _tell_of(configuration: AppConfiguration) -> None:
    fallback = configuration.texts.fallback
    for language, names in sorted(configuration.texts.falling_back().items()):
        typer.echo(f"{language}: in {fallback} are {', '.join(names)}", err=True)
    typer.echo(f"a configuration of {len(configuration.canonical()):,} bytes", err=True)


def _difference(before: bytes | None, after: bytes) -> list[str]:
    old = [] if before is None else _lines(before)
    return list(difflib.unified_diff(old, _lines(after), "before", "after", lineterm=""))


def _lines(content: bytes) -> list[str]:
    document = json.loads(content)
    return json.dumps(document, ensure_ascii=False, indent=2).splitlines()


def _needed(found: InForce | None) -> InForce:
    if found is None:
        raise Rejected("configuration-missing", "no configuration was ever published")
    return found


def _read(path: Path) -> AppConfiguration:
    return read_configuration(_content(path))


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except ReadingError as error:
        raise Rejected("file-unreadable", str(error)) from None


def _jwks(path: Path) -> list[dict[str, str]]:
    try:
        return [dict(key) for key in json.loads(_content(path))["keys"]]
    except (ValueError, TypeError, KeyError):
        raise Rejected("keys-malformed", "the file is no JWKS") from None


def _caller() -> str:
    with aws_errors("caller-identity"):
        return aws.sts().get_caller_identity()["Arn"]


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _bucket(deployed: Deployed) -> ListBucket:
    return ListBucket(aws.s3(), deployed.parameter("buckets/app-config"))


def _signer(deployed: Deployed) -> ListSigner:
    return ListSigner(aws.kms(), deployed.parameter("keys/app-config"))
