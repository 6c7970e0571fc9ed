"""The messages of the statistics queue: events about results."""

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen

_TYPES = frozenset({"ResultRecorded", "ResultCorrected", "ResultWithdrawn"})


class _Message(Frozen):
    type: str
    result_id: str = Field(min_length=1, max_length=128)


class _Typed(Frozen):
    type: str


def result_of(body: str) -> str:
    """The id of the result that a message is about.

    All types ask for the same thing, that the current version of a result be counted: nothing
    else is read.

    Raises:
        Rejected: `message-malformed`, or `event-unknown` for another type.
    """
    try:
        if _Typed.model_validate_json(body).type not in _TYPES:
            raise Rejected("event-unknown", "the queue is not for this type of event")
        return _Message.model_validate_json(body).result_id
    except ValidationError:
        raise Rejected("message-malformed", "not a message of the statistics queue") from None
