"""The settings of this function."""

from datetime import timedelta

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        codes_table: name of the codes table.
        tries_table: name of the table that counts wrong tries.
        issuers_table: name of the table of issuers.
        used_codes_table: name of the table of used upload codes.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
        upload_code_key_arn: KMS key that signs upload codes.
        verification_key_arn: KMS key of type ECC_NIST_P256 that signs certificates.
        verification_issuer: `iss` of tokens and certificates.
        verification_audience: `aud` of certificates.
        code_link: what a long code is put behind to open the app with it.
        short_code_digits: how many digits a short code has.
        short_code_minutes: how long it lives.
        long_code_hours: how long a long code lives.
        wrong_tries_an_hour: how many a client has.
    """

    codes_table: str
    tries_table: str
    issuers_table: str
    used_codes_table: str
    tracing_key_arn: str
    upload_code_key_arn: str
    verification_key_arn: str
    verification_issuer: str
    verification_audience: str
    code_link: str
    short_code_digits: int = Field(default=8, ge=6, le=12)
    short_code_minutes: int = Field(default=15, ge=1, le=60)
    long_code_hours: int = Field(default=24, ge=1, le=24)
    wrong_tries_an_hour: int = Field(default=30, ge=1)

    @property
    def short_code_life(self) -> timedelta:
        """How long a short code lives."""
        return timedelta(minutes=self.short_code_minutes)

    @property
    def long_code_life(self) -> timedelta:
        """How long a long code lives."""
        return timedelta(hours=self.long_code_hours)
