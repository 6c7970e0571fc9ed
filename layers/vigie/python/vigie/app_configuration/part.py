"""The base of every part of the configuration."""

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from vigie.model import Frozen


class Part(Frozen):
    """A part that is written in camel case, and in which an unknown field is a mistake.

    An operator who misspells a field would else publish its default to every phone.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, alias_generator=to_camel
    )
