"""The settings of this function."""

from typing import Annotated

from pydantic import StringConstraints

from notification_dispatch.channel import Channel
from vigie.model import Frozen

# Bounded so that an SMS with the link stays in one part.
LINK_BASE_LENGTH = 64
LinkBase = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://[A-Za-z0-9.:/_$-]+[A-Za-z0-9_$-]$", max_length=LINK_BASE_LENGTH
    ),
]
# ETSI GSM and the operators' rule: 3 to 11 letters and digits, at least one letter.
SenderId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]{2,10}[A-Za-z]$|^[A-Za-z][A-Za-z0-9]{2,10}$")
]


class Settings(Frozen):
    """What the environment says.

    Attributes:
        results_table: name of the results table.
        vaccinations_table: name of the vaccinations table.
        grants_table: name of the grants table, which holds sendings.
        contact_key_arn: KMS key of contacts.
        link_key_arn: KMS key (HMAC_256) that link tokens derive from.
        dead_letters_url: URL of the dead-letter queue of the dispatch queue.
        link_base_url: where the page is, without a final slash.
        email_from: the sender of e-mails, an identity verified with SES.
        sms_sender_id: the sender of SMS.
        preferred_channel: which channel to use for a person who has both.
    """

    results_table: str
    vaccinations_table: str
    grants_table: str
    contact_key_arn: str
    link_key_arn: str
    dead_letters_url: str
    link_base_url: LinkBase
    email_from: str
    sms_sender_id: SenderId
    preferred_channel: Channel = Channel.EMAIL
