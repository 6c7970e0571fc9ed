"""The settings of this function."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        keys_table: name of the keys table.
        release_hour_seconds: how long the hours are that keys are released in.
        hours_back: for how long a key that should be gone is looked for, so that a deletion
            that stood still catches up.
    """

    keys_table: str
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
    hours_back: int = Field(default=72, ge=1, le=336)
