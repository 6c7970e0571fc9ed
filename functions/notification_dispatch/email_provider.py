"""E-mail by Amazon SES (API v2, SendEmail)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.sending.provider_errors import provider_errors

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

    from notification_dispatch.message import Email

# "The input you provided is invalid": of what we send, only the address varies.
_REFUSALS = frozenset({"BadRequestException"})


class EmailProvider:
    """Sends e-mails.

    Args:
        ses: an SES client that never retries, for a send takes no idempotency token.
        sender: the From address.
    """

    def __init__(self, ses: SESV2Client, sender: str) -> None:
        self._ses = ses
        self._sender = sender

    def send(self, address: str, email: Email, record_id: str) -> str:
        """Send an e-mail; the tag `sending` comes back with delivery events.

        Args:
            address: whom to.
            email: what it says.
            record_id: the tag: key of the sending's record.

        Returns:
            The provider's id of the message.

        Raises:
            SendError: it was not plainly taken; see `provider_errors`.
        """
        with provider_errors("ses", _REFUSALS):
            return self._ses.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                Content={
                    "Simple": {
                        "Subject": {"Data": email.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": email.text, "Charset": "UTF-8"},
                            "Html": {"Data": email.html, "Charset": "UTF-8"},
                        },
                    }
                },
                EmailTags=[{"Name": "sending", "Value": record_id}],
            )["MessageId"]
