"""A gateway that keys are exchanged through, as the settings of an environment name it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, model_validator

from vigie.model import Frozen

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Thumbprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

MOST_KEYS = 5000
# What a batch may be called by whoever gives it: it is sent back, stored and logged.
BATCH_TAG = re.compile(r"[!-~]{1,100}")


class Protocol(StrEnum):
    """How a gateway speaks.

    `EFGS`: the European Federation Gateway Service: protobuf, with detached CMS signatures.
    `INTEROP`: the interoperability service of Ireland and the United Kingdom: JSON, signed as
    compact JWS.
    """

    EFGS = "efgs"
    INTEROP = "interop"


class Gateway(Frozen):
    """A gateway.

    Attributes:
        name: in lower case; part of the names of its secret and of its records.
        protocol: how it speaks.
        url: of its API, without a slash at the end.
        countries: by the country whose keys are taken, the SHA-256 of the certificates (DER,
            hexadecimal) that may sign its batches; none for `INTEROP`, where the service itself
            vouches for what it gives.
        visited_countries: what is said of a traveller's keys.
        most_keys: in one batch that is offered.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    protocol: Protocol
    url: str = Field(pattern=r"^https://[^\s?#]*[^\s?#/]$")
    countries: Mapping[Country, tuple[Thumbprint, ...]]
    visited_countries: tuple[Country, ...] = ()
    most_keys: int = Field(default=MOST_KEYS, ge=1, le=MOST_KEYS)

    @model_validator(mode="after")
    def _signed_by_somebody(self) -> Self:
        if self.protocol is Protocol.EFGS and not all(self.countries.values()):
            raise ValueError("each country of this protocol has certificates that sign its batches")
        return self


GATEWAYS: TypeAdapter[tuple[Gateway, ...]] = TypeAdapter(tuple[Gateway, ...])
