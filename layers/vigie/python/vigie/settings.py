"""A function's settings: one typed model, read once from the environment."""

import os
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from vigie.model import Frozen

Settings = TypeVar("Settings", bound=Frozen)


class SettingsError(Exception):
    """A setting is missing or malformed; the message names each one, never its value."""


def read_settings(model: type[Settings], environment: Mapping[str, str] = os.environ) -> Settings:
    """Read `model` from the environment, where each field stands in upper case.

    Raises:
        SettingsError: naming every variable that is missing or malformed.
    """
    present = {
        name: environment[name.upper()]
        for name in model.model_fields
        if name.upper() in environment
    }
    try:
        return model.model_validate(present)
    except ValidationError as error:
        faults = ", ".join(
            f"{str(fault['loc'][0]).upper()} ({fault['type']})" for fault in error.errors()
        )
        raise SettingsError(f"environment variables: {faults}") from None
