"""From an event to a message: whose result it is, how to reach them, what link to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notification_dispatch.channel import routes
from notification_dispatch.delivery import Letter
from notification_dispatch.dispatch import Silence, decide, takes_back
from notification_dispatch.earlier import earlier_sendings
from notification_dispatch.log_codes import LogCode
from notification_dispatch.sending import Sending, State, kept_until, sending_id
from vigie.access.grant import LIFETIME, AccessGrant
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
    from vigie.events.event import AnyEvent
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult
    from vigie.sealing import FieldCipher

_TOLD_AS = {
    State.FAILED: LogCode.MESSAGE_REFUSED,
    State.UNKNOWN: LogCode.MESSAGE_UNKNOWN,
}


class Notifier:
    """Tells people that something is there for them.

    Args:
        results: the results table.
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
        results: ResultReader,
        contacts: FieldCipher,
        links: Links,
        sendings: SendingStore,
        delivery: Delivery,
        preferred: Channel,
        now: Callable[[], datetime],
        journal: Journal,
    ) -> None:
        self._results = results
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
            Rejected: it is no event, or its result cannot be read.
            Unavailable: to be tried again.
        """
        event = parse_event(body)
        result = self._results.at_least(event.result_id, event.version)
        # Asked after the result is loaded: a message that goes out later opens this version.
        told = result is not None and takes_back(result) and self._may_be_told(result)
        decision = decide(event, result, self._now(), told=told)
        if isinstance(decision, Silence):
            self._journal.tell(LogCode.NOT_TOLD, reason=decision.value, cause=event.id)
        elif result is not None:
            self._notify(event, result, decision)

    def _may_be_told(self, result: StoredResult) -> bool:
        """Whether a message about an earlier version may have gone out."""
        earlier = earlier_sendings(result.result_id, result.version)
        return self._sendings.any_began(self._links.record_id(each) for each in earlier)

    def _notify(self, event: AnyEvent, result: StoredResult, template: Template) -> None:
        ways = routes(self._contact(result), self._preferred)
        if not ways or result.contact_tag is None:
            sending = self._sending(event, result, template, None)
            self._sendings.no_contact(sending, self._now())
            self._journal.tell(LogCode.NO_CONTACT, sending=sending.record_id)
            return
        for channel, address in ways:
            sending = self._sending(event, result, template, channel)
            letter = Letter(
                address=address,
                language=result.language or Language.FRENCH,
                link=self._links.url(sending_id(event.id, template, channel)),
                grant=self._grant(event, sending, result.contact_tag),
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

    def _contact(self, result: StoredResult) -> Contact:
        if result.contact is None:
            return Contact()
        opened = self._contacts.open(result.contact, record_id=result.result_id, field="contact")
        return Contact.model_validate_json(opened)

    def _sending(
        self, event: AnyEvent, result: StoredResult, template: Template, channel: Channel | None
    ) -> Sending:
        # Named by the event only, so that a repetition after a correction is the same sending.
        return Sending(
            record_id=self._links.record_id(sending_id(event.id, template, channel)),
            cause=event.id,
            template=template,
            channel=channel,
            expires_at=kept_until(event.occurred_at, result.expires_at),
        )

    def _grant(self, event: AnyEvent, sending: Sending, contact_tag: str) -> AccessGrant:
        """What the link of a sending opens: it lives its time from the try that sends it."""
        return AccessGrant(
            token_hash=sending.record_id,
            result_id=event.result_id,
            person=event.person,
            contact_tag=contact_tag,
            expires_at=self._now() + LIFETIME,
        )
