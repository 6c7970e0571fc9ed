"""A message by e-mail and one by SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from aws_lambda_powertools.metrics import Metrics

from notification_dispatch.message import Messages
from notification_dispatch.sending import LEASE
from tests.faults.scenario import Scenario, SendUnknown
from tests.functions.notification_dispatch.world import (
    EMAIL,
    PHONE,
    RECEIVED,
    World,
    recorded_event,
)
from vigie.access.grant import from_item
from vigie.events.event import event_id, write_event
from vigie.person.identity import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence

# How often it was tried, and when.
_OF_A_TRY = {
    "attempt",
    "created_at",
    "document",
    "lease_until",
    "message_id",
    "opens_until",
    "reason",
    "updated_at",
}
_CONTACTS = {"by-email": Contact(email=EMAIL), "by-sms": Contact(phone=PHONE)}


class TwoPeople(Scenario):
    """Two people are told of a result.

    A crash after the provider said yes and before the end is written cannot be told from a
    crash before the provider was asked.
    """

    send_unknown = frozenset(
        {
            SendUnknown(4, "SendEmail", takes_effect=True),
            SendUnknown(5, "UpdateItem", takes_effect=False),
            SendUnknown(8, "Publish", takes_effect=True),
            SendUnknown(9, "UpdateItem", takes_effect=False),
        }
    )

    def __init__(self) -> None:
        self._world = World()
        # Compiling the templates takes longer than all the rest.
        self._messages = Messages()

    def prepare(self) -> list[str]:
        bodies = []
        for result_id, contact in _CONTACTS.items():
            self._world.result(result_id=result_id, contact=contact)
            told = {"id": event_id("ResultRecorded", result_id, 1), "result_id": result_id}
            bodies.append(write_event(recorded_event().model_copy(update=told)))
        return bodies

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        with mock.patch("notification_dispatch.handler.Messages", return_value=self._messages):
            try:
                return [bodies[int(place)] for place in self._world.deliver(*bodies)]
            finally:
                Metrics(namespace="test", service="test").clear_metrics()

    def begin(self) -> None:
        self._world.now = RECEIVED

    def later(self) -> None:
        self._world.now += LEASE

    def everything(self) -> dict[str, object]:
        emails = [(str(email.destinations), email.body) for email in self._world.emails()]
        return {
            "sendings": [
                {name: value for name, value in row.items() if name not in _OF_A_TRY}
                for row in sorted(
                    self._world.rows("grants"), key=lambda row: row["token_hash"]["S"]
                )
            ],
            "grants": sorted(
                # How long a link lives is counted from the try that sends it.
                str(from_item(row).model_copy(update={"expires_at": None}))
                for row in self._world.rows("grants")
            ),
            "sent": emails + self._world.sms(),
        }
