"""A sending: one message, about one cause, by one channel."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from notification_dispatch.channel import Channel
from vigie.access.grant import LIFETIME
from vigie.model import Frozen

_NAMESPACE = uuid.UUID("0d6c1f0e-7f0b-5b8e-9a55-3a4f8f2f7a11")
# Longer than the function may run, so that whoever held an expired lease is dead.
LEASE = timedelta(minutes=3)
# Outlives every retry and redrive (14 days) of an event that is still told (30 days).
RETENTION = LIFETIME + timedelta(days=60)


class Template(StrEnum):
    """What a message says; each has a folder of this name under `templates/`."""

    DOCUMENT_AVAILABLE = "document_available"


class Preference(StrEnum):
    """What a template prefers when nobody can tell whether the provider took a message."""

    NOT_NONE = "not-none"
    NEVER_TWICE = "never-twice"


# A person must hear of a result; hearing twice costs a message and misleads nobody.
PREFERENCES = {Template.DOCUMENT_AVAILABLE: Preference.NOT_NONE}


class State(StrEnum):
    """How far a sending is.

    `CREATED`: to be sent, or given back by a provider that was too busy. `SENDING`: claimed,
    under a lease. `SENT`: the provider took it. `FAILED`: the provider refused this recipient.
    `UNKNOWN`: it may or may not have been taken. `NO_CONTACT`: there is no way to the person.
    """

    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NO_CONTACT = "no-contact"


def sending_id(cause: str, template: Template, channel: Channel | None) -> str:
    """The id of a sending: the same for the same cause, template and channel.

    Args:
        cause: id of the event, which is of one result, version and person.
        template: what the message says.
        channel: how it goes; None where the person has no contact.
    """
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((cause, template, channel or "none"))))


class Sending(Frozen):
    """A sending as its record begins.

    Attributes:
        record_id: key of the record: the hash of its link's token.
        cause: id of the event.
        template: what it says.
        channel: how it goes; None where the person has no contact.
        expires_at: Unix seconds after which the record may be deleted.
    """

    record_id: str
    cause: str
    template: Template
    channel: Channel | None
    expires_at: int


def kept_until(occurred_at: datetime, result_expires_at: int) -> int:
    """How long the record of a sending is kept, in Unix seconds.

    For as long as its event may come again, and as its result may be taken back.

    Args:
        occurred_at: when the cause occurred, aware.
        result_expires_at: Unix seconds after which the result may be deleted.
    """
    return max(int((occurred_at + RETENTION).timestamp()), result_expires_at)


class Progress(Frozen):
    """How far a stored sending is.

    Attributes:
        state: as `State`.
        attempt: how often it was claimed.
        lease_until: when the claim ends, aware; meaningful while `SENDING`.
    """

    state: State
    attempt: int
    lease_until: datetime | None = None
