"""What the emulator's e-mail and SMS providers were given."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from vigie.model import Frozen

_LINK = re.compile(r"https?://\S+#([a-z2-7]{26})")


class Message(Frozen):
    """One message as its recipient has it.

    Attributes:
        recipient: address or number.
        subject: empty for an SMS.
        body: text.
    """

    recipient: str
    subject: str
    body: str

    @property
    def token(self) -> str | None:
        """The token of the link in it, if there is a link."""
        found = _LINK.search(self.body)
        return found[1] if found else None


def emails(endpoint: str) -> list[Message]:
    """Every e-mail that SES was given, oldest first."""
    by_account: dict[str, list[dict[str, Any]]] = _captured(f"{endpoint}/_ministack/ses/messages")[
        "messages"
    ]
    return [
        Message(recipient=sent["To"][0], subject=sent["Subject"], body=sent["BodyText"])
        for messages in by_account.values()
        for sent in messages
    ]


def text_messages(endpoint: str) -> list[Message]:
    """Every SMS that SNS was given."""
    by_number: dict[str, list[dict[str, Any]]] = _captured(
        f"{endpoint}/_ministack/sns/sms-messages"
    )["sms_messages"]
    return [
        Message(recipient=number, subject="", body=sent["Message"])
        for number, messages in by_number.items()
        for sent in messages
    ]


def _captured(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the local emulator
        captured: dict[str, Any] = json.load(answer)
    return captured
