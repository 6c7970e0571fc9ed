"""From an event to a message: whose record it is, how to reach them, what link to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notification_dispatch.channel import routes
from notification_dispatch.delivery import Letter
from notification_dispatch.dispatch import Silence, decide, takes_back
from notification_dispatch.earlier import earlier_sendings
from notification_dispatch.log_codes import LogCode
from notification_dispatch.sending import Sending, State, kept_until, sending_id
from vigie.access.grant import LIFETIME, AccessGrant
from vigie.certificates.source import source_id
from vigie.events.event import parse_event
from vigie.person.identity import Contact
from vigie.results.codes import Language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from notification_dispatch.channel import Channel
    from notification_dispatch.delivery import Delivery
    from notification_dispatch.journal import Journal
    from notification_dispatch.links import Links
    from notification_dispatch.sending import Template
    from notification_dispatch.sending_store import SendingStore
    from vigie.certificates.source import Source, SourceReader
    from vigie.events.event import AnyEvent
    from vigie.sealing import FieldCipher

_TOLD_AS = {
    State.FAILED: LogCode.MESSAGE_REFUSED,
    State.UNKNOWN: LogCode.MESSAGE_UNKNOWN,
}


class Notifier:
    """Tells people that something is there for them.

    Args:
        sources: results and vaccinations.
        contacts: opens sealed contacts.
        links: makes links.
        sendings: the grants table, which holds sendings.
        delivery: sends one message.
        preferred: the channel to use for a person who has both.
        now: the time, aware.
        journal: is told how each happening ends.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        sources: SourceReader,
        contacts: FieldCipher,
        links: Links,
        sendings: SendingStore,
        delivery: Delivery,
        preferred: Channel,
        now: Callable[[], datetime],
        journal: Journal,
    ) -> None:
        self._sources = sources
        self._contacts = contacts
        self._links = links
        self._sendings = sendings
        self._delivery = delivery
        self._preferred = preferred
        self._now = now
        self._journal = journal

    def handle(self, body: str) -> None:
        """Handle one event; handling it again sends nothing twice but as `Delivery` says.

        Raises:
            Rejected: it is no event, or its record cannot be read.
            Unavailable: to be tried again.
        """
        event = parse_event(body)
        source = self._sources.at_least(event.source_id, event.version)
        # Asked after the record is loaded: a message that goes out later opens this version.
        told = source is not None and takes_back(source) and self._may_be_told(source)
        decision = decide(event, source, self._now(), told=told)
        if isinstance(decision, Silence):
            self._journal.tell(LogCode.NOT_TOLD, reason=decision.value, cause=event.id)
        elif source is not None:
            self._notify(event, source, decision)

    def _may_be_told(self, source: Source) -> bool:
        """Whether a message about an earlier version may have gone out."""
        earlier = earlier_sendings(source_id(source), source.version)
        return self._sendings.any_began(self._links.record_id(each) for each in earlier)

    def _notify(self, event: AnyEvent, source: Source, template: Template) -> None:
        ways = routes(self._contact(source), self._preferred)
        if not ways or source.contact_tag is None:
            sending = self._sending(event, source, template, None)
            self._sendings.no_contact(sending, self._now())
            self._journal.tell(LogCode.NO_CONTACT, sending=sending.record_id)
            return
        for channel, address in ways:
            sending = self._sending(event, source, template, channel)
            letter = Letter(
                address=address,
                language=source.language or Language.FRENCH,
                link=self._links.url(sending_id(event.id, template, channel)),
                grant=self._grant(event, sending, source.contact_tag),
            )
            end = self._delivery.deliver(sending, letter)
            if end.anew:
                self._tell(end.state, sending, channel)
            if end.state is not State.FAILED:
                return

    def _tell(self, state: State, sending: Sending, channel: Channel) -> None:
        """Once for each sending, though its message brings it again with others."""
        if state is State.SENT:
            self._journal.sent(sending.record_id, channel.value)
            return
        self._journal.tell(_TOLD_AS[state], sending=sending.record_id, channel=channel.value)

    def _contact(self, source: Source) -> Contact:
        if source.contact is None:
            return Contact()
        opened = self._contacts.open(source.contact, record_id=source_id(source), field="contact")
        return Contact.model_validate_json(opened)

    def _sending(
        self, event: AnyEvent, source: Source, template: Template, channel: Channel | None
    ) -> Sending:
        # Named by the event only, so that a repetition after a correction is the same sending.
        return Sending(
            record_id=self._links.record_id(sending_id(event.id, template, channel)),
            cause=event.id,
            template=template,
            channel=channel,
            expires_at=kept_until(event.occurred_at, source.expires_at),
        )

    def _grant(self, event: AnyEvent, sending: Sending, contact_tag: str) -> AccessGrant:
        """What the link of a sending opens: it lives its time from the try that sends it."""
        return AccessGrant(
            token_hash=sending.record_id,
            result_id=event.source_id,
            person=event.person,
            contact_tag=contact_tag,
            expires_at=self._now() + LIFETIME,
        )
