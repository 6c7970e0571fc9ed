"""The messages of the revocations queue."""

from vigie.errors import Rejected
from vigie.events.event import CertificateRevoked, parse_event


def revocation_of(body: str) -> CertificateRevoked:
    """The event that a message is.

    Raises:
        Rejected: `event-unreadable`, or `event-unknown` for another type.
    """
    event = parse_event(body)
    if not isinstance(event, CertificateRevoked):
        raise Rejected("event-unknown", "the queue is not for this type of event")
    return event
