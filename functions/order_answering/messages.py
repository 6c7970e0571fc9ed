"""The messages of the queue of orders."""

from vigie.errors import Rejected
from vigie.events.event import ResultEvent, parse_event


def result_event(body: str) -> ResultEvent:
    """The event of a result in a message.

    Raises:
        Rejected: `event-unreadable`, or `event-unknown` for another type.
    """
    event = parse_event(body)
    if isinstance(event, ResultEvent):
        return event
    raise Rejected("event-unknown", "the queue is not for this type of event")
