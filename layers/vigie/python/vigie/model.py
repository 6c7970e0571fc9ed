"""The base of every message, record and setting."""

from functools import cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

_set = object.__setattr__


class Frozen(BaseModel):
    """An immutable model that ignores fields it does not know.

    Ignoring unknown fields lets a newer producer add one without breaking an
    older consumer. Input values never appear in its validation errors, because
    they may be personal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def trusted(cls, values: dict[str, Any]) -> Self:
        """Make one of values that were checked before: nothing is validated or coerced.

        For where millions are made of what our own rules have judged.

        Args:
            values: of every field, also of those that have a default; kept, not copied.
        """
        made = cls.__new__(cls)
        _set(made, "__dict__", values)
        _set(made, "__pydantic_fields_set__", _fields_of(cls))
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made


@cache
def _fields_of(model: type[BaseModel]) -> set[str]:
    """The names of all fields; one for all instances, since nobody changes a frozen model."""
    return set(model.model_fields)
