"""The messages of the linkage queue: events of results, and decisions of operators."""

from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from vigie.errors import Rejected
from vigie.events.event import ResultCorrected, ResultRecorded, ResultWithdrawn
from vigie.person.unlinking import UnlinkRequested

Message = Annotated[
    ResultRecorded | ResultCorrected | ResultWithdrawn | UnlinkRequested,
    Field(discriminator="type"),
]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message, config=ConfigDict(hide_input_in_errors=True))


def read_message(body: str) -> Message:
    """Read a message.

    Raises:
        Rejected: `message-unreadable`.
    """
    try:
        return _MESSAGE.validate_json(body)
    except ValidationError:
        raise Rejected("message-unreadable", "neither an event nor a decision") from None
