"""Sending a message once, as far as that can be had from providers that take no token.

The order of the writes: the claim, under a lease, with the grant, so that a link that goes out
opens; the provider; the end. A crash between the provider's yes and the write of the end is
the one thing that nobody can see afterwards: the sending is then `unknown`, and its
template says what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from notification_dispatch.channel import Channel
from notification_dispatch.sending import PREFERENCES, Preference, State
from vigie.errors import Unavailable
from vigie.sending.provider_errors import (
    NotTakenError,
    OutcomeUnknownError,
    RecipientRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from notification_dispatch.email_provider import EmailProvider
    from notification_dispatch.message import Messages
    from notification_dispatch.sending import Sending, Template
    from notification_dispatch.sending_store import SendingStore
    from vigie.access.grant import AccessGrant
    from vigie.results.codes import Language
    from vigie.sending.sms_provider import SmsProvider


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, and what it opens.

    Attributes:
        address: an e-mail address or telephone number.
        language: of the message.
        link: that it carries.
        grant: what the link opens.
    """

    address: str
    language: Language
    link: str
    grant: AccessGrant


class End(NamedTuple):
    """How a sending ended.

    Attributes:
        state: `SENT`, `FAILED`, or `UNKNOWN` where the template prefers never twice.
        anew: whether it ended so by this call, and not before it.
    """

    state: State
    anew: bool


class Delivery:
    """Delivers one message to one address.

    Args:
        store: the sendings table.
        messages: what the messages say.
        email: the provider of e-mail.
        sms: the provider of SMS.
        now: the time, aware.
        preferences: what each template prefers when the outcome is unknown.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        store: SendingStore,
        messages: Messages,
        email: EmailProvider,
        sms: SmsProvider,
        now: Callable[[], datetime],
        preferences: Mapping[Template, Preference] = PREFERENCES,
    ) -> None:
        self._store = store
        self._messages = messages
        self._email = email
        self._sms = sms
        self._now = now
        self._preferences = preferences

    def deliver(self, sending: Sending, letter: Letter) -> End:
        """Send the message unless it was sent, refused or, by preference, left unknown.

        Raises:
            Unavailable: it is to be tried again: another worker holds it, the provider did not
                take it, or nobody knows and the template prefers not none.
        """
        send = self._prepared(sending, letter)
        preference = self._preferences[sending.template]
        attempt = self._store.claim(sending, letter.grant, preference, self._now())
        if attempt is None:
            return self._left_by_another(sending, preference)
        try:
            message_id = send()
        except RecipientRefusedError as refused:
            self._end(sending, attempt, State.FAILED, refused.reason)
            return End(State.FAILED, anew=True)
        except NotTakenError as busy:
            self._end(sending, attempt, State.CREATED, busy.reason)
            raise Unavailable(busy.reason) from None
        except OutcomeUnknownError as unknown:
            self._end(sending, attempt, State.UNKNOWN, unknown.reason)
            return End(_settled(preference, unknown.reason), anew=True)
        self._store.sent(sending, attempt, message_id, self._now())
        return End(State.SENT, anew=True)

    def _prepared(self, sending: Sending, letter: Letter) -> Callable[[], str]:
        """The call that sends, with everything that could fail before it done."""
        if sending.channel is Channel.EMAIL:
            email = self._messages.email(sending.template, letter.language, letter.link)
            return lambda: self._email.send(letter.address, email, sending.record_id)
        text = self._messages.sms(sending.template, letter.language, letter.link)
        return lambda: self._sms.send(letter.address, text)

    def _left_by_another(self, sending: Sending, preference: Preference) -> End:
        progress = self._store.get(sending)
        if progress is None or progress.state is State.CREATED:
            raise Unavailable("sending-changed")
        if progress.state is State.UNKNOWN:
            return End(_settled(preference, "sending-unknown"), anew=False)
        if progress.state is not State.SENDING:
            return End(progress.state, anew=False)
        if progress.lease_until is not None and self._now() < progress.lease_until:
            raise Unavailable("sending-in-progress")
        self._end(sending, progress.attempt, State.UNKNOWN, "lease-expired")
        return End(_settled(preference, "lease-expired"), anew=True)

    def _end(self, sending: Sending, attempt: int, state: State, reason: str) -> None:
        self._store.ended(sending, attempt, state, reason, self._now())


def _settled(preference: Preference, reason: str) -> State:
    if preference is Preference.NOT_NONE:
        raise Unavailable(f"outcome-unknown:{reason}")
    return State.UNKNOWN
