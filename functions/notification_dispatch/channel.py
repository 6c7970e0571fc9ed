"""The ways to a person, and in which order to try them."""

from enum import StrEnum

from vigie.person.identity import Contact


class Channel(StrEnum):
    """A way to a person."""

    EMAIL = "email"
    SMS = "sms"


def routes(contact: Contact, preferred: Channel) -> tuple[tuple[Channel, str], ...]:
    """The channels that reach a person, with the address in each, the preferred one first.

    The second is used only when the provider refuses the first for good.
    """
    addresses = {Channel.EMAIL: contact.email, Channel.SMS: contact.phone}
    order = sorted(Channel, key=lambda channel: channel is not preferred)
    return tuple((channel, address) for channel in order if (address := addresses[channel]))
