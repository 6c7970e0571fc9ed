"""An operator's decision that two pseudonyms are not one person."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from vigie.model import Frozen

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]


class UnlinkRequested(Frozen):
    """Two pseudonyms are to be kept apart, whatever the evidence.

    Attributes:
        persons: the two.
        reason: why, in words that name nobody: kept with them.
        requested_at: aware time of the decision.
    """

    type: Literal["UnlinkRequested"] = "UnlinkRequested"
    persons: tuple[str, str]
    reason: Reason
    requested_at: datetime
