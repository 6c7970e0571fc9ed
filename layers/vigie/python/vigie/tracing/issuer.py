"""An issuer of verification codes: a system of tracers, which knows itself by a key."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from vigie.model import Frozen

NAME = r"^[a-z][a-z0-9-]{1,30}$"

_KEY = re.compile(r"([a-z][a-z0-9-]{1,30})\.[A-Za-z0-9_-]{43}")
_KEY_BYTES = 32


class Issuer(Frozen):
    """Who may issue codes.

    Attributes:
        name: unique; part of its key.
        key_hash: SHA-256 of its key, hexadecimal; the key itself is nowhere.
        daily_quota: how many codes it may issue in a day of UTC.
        added_at: aware.
    """

    name: Annotated[str, StringConstraints(pattern=NAME)]
    key_hash: str
    daily_quota: Annotated[int, Field(ge=1)]
    added_at: datetime


def is_name(name: str) -> bool:
    """Whether an issuer may have a name."""
    return re.fullmatch(NAME, name) is not None


def new_key(name: str) -> str:
    """A key for an issuer, which begins with its name."""
    return f"{name}.{secrets.token_urlsafe(_KEY_BYTES)}"


def name_in(key: str) -> str | None:
    """Whose key this says that it is; None if it is no key at all."""
    found = _KEY.fullmatch(key)
    return found[1] if found else None


def key_hash(key: str) -> str:
    """What is kept of a key, of whose 256 random bits none can be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()
