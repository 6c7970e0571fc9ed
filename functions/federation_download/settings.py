"""What the download of keys from abroad is told by its environment."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        federation_table: name of the federation table.
        keys_table: name of the keys table.
        gateways_parameter: name of the parameter with the gateways.
        secret_prefix: how the names of their secrets begin.
        country: this one, ISO 3166-1 alpha-2.
        release_hour_seconds: how long the hours are that keys are released in.
    """

    federation_table: str
    keys_table: str
    gateways_parameter: str
    secret_prefix: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
