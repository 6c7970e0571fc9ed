"""The messages of the statistics queue: events about results, and about who is one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from vigie.errors import Rejected
from vigie.events.event import parse_persons_event
from vigie.model import Frozen

if TYPE_CHECKING:
    from vigie.events.event import AnyPersonsEvent

_TYPES = frozenset({"ResultRecorded", "ResultCorrected", "ResultWithdrawn"})
_PERSONS_TYPES = frozenset({"PersonsLinked", "PersonsUnlinked"})


class Told(Frozen):
    """What an event about a result tells.

    Attributes:
        result_id: the result.
        version: of the result; 0 if it does not say.
    """

    result_id: str = Field(min_length=1, max_length=128)
    version: int = Field(default=0, ge=0)


class _Typed(Frozen):
    type: str


def read_message(body: str) -> Told | AnyPersonsEvent:
    """The result that a message is about, or the event that says who is one person.

    All types about results ask for the same thing, that the current version of one be counted:
    nothing else is read of them.

    Raises:
        Rejected: `message-malformed`, or `event-unknown` for another type.
    """
    try:
        told = _Typed.model_validate_json(body).type
        if told in _PERSONS_TYPES:
            return parse_persons_event(body)
        if told not in _TYPES:
            raise Rejected("event-unknown", "the queue is not for this type of event")
        return Told.model_validate_json(body)
    except ValidationError:
        raise Rejected("message-malformed", "not a message of the statistics queue") from None
