"""From an event to a message: whose result it is, how to reach them, what link to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notification_dispatch.channel import Channel, routes
from notification_dispatch.dispatch import Silence, decide, takes_back
from notification_dispatch.log_codes import LogCode
from notification_dispatch.sending import ENDS, Sending, State
from vigie.access.grant import LIFETIME, AccessGrant, link_token, token_hash
from vigie.events.event import parse_event
from vigie.person.identity import Contact
from vigie.results.codes import Language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from notification_dispatch.delivery import Delivery
    from notification_dispatch.grant_store import GrantStore
    from notification_dispatch.sending import Template
    from notification_dispatch.sending_store import SendingStore
    from vigie.events.event import AnyEvent
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult
    from vigie.sealing import DerivedKey, FieldCipher

_TOLD_AS = {
    State.SENT: LogCode.MESSAGE_SENT,
    State.FAILED: LogCode.MESSAGE_REFUSED,
    State.UNKNOWN: LogCode.MESSAGE_UNKNOWN,
}


class Notifier:
    """Tells people that something is there for them.

    Args:
        results: the results table.
        contacts: opens sealed contacts.
        link_key: what link tokens derive from.
        grants: the grants table.
        sendings: the sendings table.
        delivery: sends one message.
        preferred: the channel to use for a person who has both.
        link_base_url: where the page is, without a final slash.
        now: the time, aware.
        tell: told the code of each end, with what may be logged of it.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        results: ResultReader,
        contacts: FieldCipher,
        link_key: DerivedKey,
        grants: GrantStore,
        sendings: SendingStore,
        delivery: Delivery,
        preferred: Channel,
        link_base_url: str,
        now: Callable[[], datetime],
        tell: Callable[..., None],
    ) -> None:
        self._results = results
        self._contacts = contacts
        self._link_key = link_key
        self._grants = grants
        self._sendings = sendings
        self._delivery = delivery
        self._preferred = preferred
        self._link_base_url = link_base_url
        self._now = now
        self._tell = tell

    def handle(self, body: str) -> None:
        """Handle one event; handling it again sends nothing twice but as `Delivery` says.

        Raises:
            Rejected: it is no event, or its result cannot be read.
            Unavailable: to be tried again.
        """
        event = parse_event(body)
        result = self._results.get(event.result_id)
        # Asked after the result is loaded: a message that goes out later opens this version.
        told = result is not None and takes_back(result) and self._sendings.told(result.result_id)
        decision = decide(event, result, self._now(), told=told)
        if isinstance(decision, Silence):
            self._tell(LogCode.NOT_TOLD, reason=decision.value, cause=event.id)
        elif result is not None:
            self._notify(event, result, decision)

    def _notify(self, event: AnyEvent, result: StoredResult, template: Template) -> None:
        ways = routes(self._contact(result), self._preferred)
        if not ways or result.contact_tag is None:
            sending = _sending(event, template, None)
            self._sendings.no_contact(sending, self._now())
            self._tell(LogCode.NO_CONTACT, sending=sending.sending_id)
            return
        self._sendings.note_told(result.result_id, until=result.expires_at)
        for channel, address in ways:
            sending = _sending(event, template, channel)
            link = self._link(sending, result.contact_tag)
            language = result.language or Language.FRENCH
            end = self._delivery.deliver(sending, address, language, link)
            self._tell(_TOLD_AS[end], sending=sending.sending_id, channel=channel.value)
            if end is not State.FAILED:
                return

    def _contact(self, result: StoredResult) -> Contact:
        if result.contact is None:
            return Contact()
        opened = self._contacts.open(result.contact, record_id=result.result_id, field="contact")
        return Contact.model_validate_json(opened)

    def _link(self, sending: Sending, contact_tag: str) -> str:
        """The link of a sending, whose grant is kept before anybody can follow it.

        It lives its time from the sending: one that was kept for an earlier try lives on
        until the message has gone out, and no repetition of the event makes it live longer.
        """
        token = link_token(self._link_key.bytes(), sending.sending_id)
        grant = AccessGrant(
            token_hash=token_hash(token),
            result_id=sending.result_id,
            person=sending.person,
            contact_tag=contact_tag,
            expires_at=self._now() + LIFETIME,
        )
        if not self._grants.keep(grant) and self._to_be_sent(sending):
            self._grants.prolong(grant)
        return f"{self._link_base_url}/#{token}"

    def _to_be_sent(self, sending: Sending) -> bool:
        progress = self._sendings.get(sending)
        return progress is None or progress.state not in ENDS


def _sending(event: AnyEvent, template: Template, channel: Channel | None) -> Sending:
    # Of the event only, so that a repetition of it after a correction is the same sending.
    return Sending(
        person=event.person,
        cause=event.id,
        result_id=event.result_id,
        template=template,
        channel=channel,
        occurred_at=event.occurred_at,
    )
