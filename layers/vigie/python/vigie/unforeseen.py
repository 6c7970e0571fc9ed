"""Errors that nobody foresaw, told by their type alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aws_lambda_powertools.logging import Logger

from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

# How the code of such an error begins.
UNFORESEEN = "unforeseen:"


@contextmanager
def told_by_type(code: str = "invocation-failed", logger: Logger | None = None) -> Iterator[None]:
    """Let no error out of the block whose text may hold what it stumbled over.

    Whatever leaves a handler Lambda writes into the log, text and all.

    Args:
        code: of the log line.
        logger: of the function, if not the one of the environment.

    Raises:
        Rejected, Unavailable: as they are, for neither repeats a value.
        Unavailable: with the code `unforeseen:type`, instead of every other error.
    """
    try:
        yield
    except (Rejected, Unavailable):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its text stays here
        kind = type(error).__name__
        (logger or Logger()).error(code, reason=kind)
        raise Unavailable(f"{UNFORESEEN}{kind}") from None
