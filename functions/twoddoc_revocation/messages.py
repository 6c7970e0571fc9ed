"""The messages of the queue of 2D-DOC."""

from vigie.errors import Rejected
from vigie.events.event import ResultCorrected, ResultWithdrawn, parse_event


def change_of(body: str) -> ResultCorrected | ResultWithdrawn:
    """The event that a message is.

    Raises:
        Rejected: `event-unreadable`, or `event-unknown` for another type.
    """
    event = parse_event(body)
    if not isinstance(event, ResultCorrected | ResultWithdrawn):
        raise Rejected("event-unknown", "the queue is not for this type of event")
    return event
