"""What certificate signing is told by its environment."""

from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        results_table: name of the results table.
        vaccinations_table: name of the vaccinations table.
        certificates_table: name of the certificates table.
        dead_letters_url: URL of the queue for messages that no retry can help.
        events_topic_arn: where certificates are announced.
        identity_key_arn: symmetric key; opens identities.
        certificates_key_arn: symmetric key; seals certificates.
        uvci_key_arn: HMAC key that identifiers are derived from.
        current_dsc_parameter: name of the parameter with the signer (`DocumentSigner`).
        value_sets_bucket: name of the bucket with the releases of value sets.
        issuer_country: ISO 3166-1 alpha-2.
        issuer_name: who issues, as certificates say it (`is`).
        issuer_time_zone: whose calendar counts the days of recovery certificates (IANA name).
        validity_days: how long a certificate can be verified at most.
        renewal_notice_days: how long before its expiry one is renewed whose use goes on.
    """

    results_table: str
    vaccinations_table: str
    certificates_table: str
    dead_letters_url: str
    events_topic_arn: str
    identity_key_arn: str
    certificates_key_arn: str
    uvci_key_arn: str
    current_dsc_parameter: str
    value_sets_bucket: str
    issuer_country: str = Field(pattern=r"^[A-Z]{2}$")
    issuer_name: str = Field(min_length=1, max_length=80)
    issuer_time_zone: ZoneInfo
    validity_days: int = Field(default=365, ge=1, le=730)
    renewal_notice_days: int = Field(default=28, ge=1, le=180)

    @model_validator(mode="after")
    def _is_noticed_after_it_is_issued(self) -> Self:
        if self.renewal_notice_days >= self.validity_days:
            raise ValueError("a renewal needs less notice than certificates are valid for")
        return self
