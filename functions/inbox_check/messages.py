"""What comes into the check of the inbox: its schedule, and its own queue's messages."""

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.inbox import LaboratoryCheck
from vigie.model import Frozen


class CheckDue(Frozen):
    """A call of the schedule, or an operator's own.

    Attributes:
        days_back: how old files are looked at, if not as the settings say.
    """

    days_back: int | None = Field(default=None, ge=1, le=90)


def parse_check(body: str) -> LaboratoryCheck:
    """Read a message of the function's own queue.

    Raises:
        Rejected: `message-unknown`.
    """
    try:
        return LaboratoryCheck.model_validate_json(body)
    except ValidationError:
        raise Rejected("message-unknown", "the message is not one of this queue") from None
