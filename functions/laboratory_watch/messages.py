"""What comes into the watch: its schedule, and its own queue's messages."""

from typing import Literal

from pydantic import AwareDatetime, ValidationError

from vigie.errors import Rejected
from vigie.laboratories.finess import Finess
from vigie.model import Frozen


class WatchDue(Frozen):
    """A call of the schedule.

    Attributes:
        time: when EventBridge made it, the same on a retry; the present if it is not given.
    """

    time: AwareDatetime | None = None


class LaboratoryWatch(Frozen):
    """The message that one laboratory is to be watched.

    Attributes:
        laboratory: its FINESS.
        at: the moment that it is judged at, the same on a retry.
        added_at: when it was last let in, if the register still knows.
    """

    type: Literal["LaboratoryWatch"] = "LaboratoryWatch"
    schema_version: int = 1
    laboratory: Finess
    at: AwareDatetime
    added_at: AwareDatetime | None = None


def parse_watch(body: str) -> LaboratoryWatch:
    """Read a message of the function's own queue.

    Raises:
        Rejected: `message-unknown`.
    """
    try:
        return LaboratoryWatch.model_validate_json(body)
    except ValidationError:
        raise Rejected("message-unknown", "the message is not one of this queue") from None
