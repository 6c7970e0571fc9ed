"""The messages of the signing queue: events about results, and recoveries that are due."""

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.model import Frozen

_TYPES = frozenset({"ResultRecorded", "ResultCorrected", "ResultWithdrawn", "RecoveryDue"})


class Subject(Frozen):
    """What a message is about.

    Attributes:
        result_id: the result.
        version: one that the result had when it was sent; 0 where the message names none.
    """

    result_id: str = Field(min_length=1, max_length=128)
    version: int = 0


class _Typed(Frozen):
    type: str


def subject_of(body: str) -> Subject:
    """The result that a message is about.

    All four types ask for the same thing, that the certificates of a result be made
    right, and the current version of the result is loaded: nothing else is read.

    Raises:
        Rejected: `message-malformed`, or `event-unknown` for another type.
    """
    try:
        if _Typed.model_validate_json(body).type not in _TYPES:
            raise Rejected("event-unknown", "the queue is not for this type of event")
        return Subject.model_validate_json(body)
    except ValidationError:
        raise Rejected("message-malformed", "not a message of the signing queue") from None
