"""What the commands take alike, and how they end when AWS or the input does not let them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from vigie.errors import Rejected, Unavailable

Environment = Annotated[
    str,
    typer.Option(envvar="VIGIE_ENVIRONMENT", help="The environment, such as dev or production."),
]


@contextmanager
def told() -> Iterator[None]:
    """End the command with status 1 and a line that says why, where the block fails."""
    try:
        yield
    except Rejected as error:
        typer.echo(f"{error.code}: {error}", err=True)
        raise typer.Exit(1) from None
    except Unavailable as error:
        typer.echo(f"AWS did not do it: {error.code}", err=True)
        raise typer.Exit(1) from None
