"""What the release of recoveries is told by its environment."""

from zoneinfo import ZoneInfo

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        certificates_table: name of the certificates table.
        signing_queue_url: URL of the signing queue.
        dead_letters_url: URL of its dead-letter queue.
        issuer_time_zone: whose calendar says what day it is (IANA name).
        days_back: for how many days after its own a certificate is asked for again, before it
            is given up.
    """

    certificates_table: str
    signing_queue_url: str
    dead_letters_url: str
    issuer_time_zone: ZoneInfo
    days_back: int = Field(default=7, ge=0, le=29)
