"""The base of every message, record and setting."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable model that ignores fields it does not know.

    Ignoring unknown fields lets a newer producer add one without breaking an
    older consumer. Input values never appear in its validation errors, because
    they may be personal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
