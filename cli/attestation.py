"""`vigie tracing attestation`: the keys by which tracing reads what Google says of a device."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from vigie import aws
from vigie.attestation.play_key_pair import PlayKeyPair
from vigie.aws import aws_errors
from vigie.errors import Rejected

app = typer.Typer(help="Install the keys of Play Integrity.", no_args_is_help=True)

KeyFile = Annotated[
    Path, typer.Option(help="A file with the key in base64, as the Play Console shows it.")
]


@app.callback()
def attestation() -> None:
    """Install the keys of Play Integrity."""


@app.command()
def install(
    decryption_key: KeyFile, verification_key: KeyFile, environment: Environment = "dev"
) -> None:
    """Install both keys; running functions take them within five minutes."""
    with told():
        pair = _pair(decryption_key, verification_key)
        with aws_errors("play-keys"):
            aws.secretsmanager().put_secret_value(
                SecretId=f"vigie-{environment}-play-integrity", SecretString=pair.model_dump_json()
            )
    typer.echo("installed")


def _pair(decryption_key: Path, verification_key: Path) -> PlayKeyPair:
    try:
        return PlayKeyPair(
            decryption_key=_text(decryption_key), verification_key=_text(verification_key)
        )
    except ReadingError as error:
        raise Rejected("file", str(error)) from None
    except ValidationError as error:
        at = str(error.errors()[0]["loc"][0])
        raise Rejected("play-key", "the file holds no such key in base64", place=at) from None


def _text(path: Path) -> str:
    return read_file(path).decode("ascii", "replace").strip()
