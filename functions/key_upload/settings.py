"""The settings of this function."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        keys_table: name of the keys table.
        used_codes_table: name of the table of used upload codes.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
        upload_code_key_arn: KMS key that signs upload codes.
        health_authority_id: what the app sends as `healthAuthorityID`.
        region: this country, ISO 3166-1 alpha-2, which every key comes from.
        release_hour_seconds: how long the hours are that keys are released in.
    """

    keys_table: str
    used_codes_table: str
    tracing_key_arn: str
    upload_code_key_arn: str
    health_authority_id: str
    region: str = Field(pattern=r"^[A-Z]{2}$")
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
