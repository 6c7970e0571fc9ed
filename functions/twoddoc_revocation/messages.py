"""The messages of the queue of 2D-DOC."""

from vigie.errors import Rejected
from vigie.events.event import (
    ResultCorrected,
    ResultWithdrawn,
    VaccinationCorrected,
    VaccinationWithdrawn,
    parse_event,
)


def changed_source(body: str) -> str:
    """The id of the result or the vaccination that a message says was changed.

    Raises:
        Rejected: `event-unreadable`, or `event-unknown` for another type.
    """
    event = parse_event(body)
    if isinstance(event, ResultCorrected | ResultWithdrawn):
        return event.result_id
    if isinstance(event, VaccinationCorrected | VaccinationWithdrawn):
        return event.vaccination_id
    raise Rejected("event-unknown", "the queue is not for this type of event")
