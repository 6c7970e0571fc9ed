"""What the offering of keys is told by its environment."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        federation_table: name of the federation table.
        keys_table: name of the keys table.
        gateways_parameter: name of the parameter with the gateways.
        secret_prefix: how the names of their secrets begin.
        signer_parameter: name of the parameter with the key that signs batches and its
            certificate.
        country: this one, ISO 3166-1 alpha-2.
        release_hour_seconds: how long the hours are that keys are released in.
        settle_seconds: how long after its end an hour is offered at the earliest.
    """

    federation_table: str
    keys_table: str
    gateways_parameter: str
    secret_prefix: str
    signer_parameter: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
    settle_seconds: int = Field(default=2 * 3600, ge=0, le=24 * 3600)
