"""The settings of this function."""

from pydantic import Field, Json

from vigie.model import Frozen
from vigie.tracing.health_authority import HealthAuthority
from vigie.tracing.publish_rules import PublishRules


class Settings(Frozen):
    """What the environment says.

    Attributes:
        keys_table: name of the keys table.
        used_codes_table: name of the table of used upload codes.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
        upload_code_key_arn: KMS key that signs upload codes.
        health_authority_id: what our app sends as `healthAuthorityID`.
        verification_key_arn: KMS key that signs our verification certificates.
        verification_issuer: their `iss`.
        verification_audience: their `aud`.
        other_health_authorities: whose apps upload here too, as JSON.
        publish_rules: the bounds of an upload, as JSON.
        region: this country, ISO 3166-1 alpha-2, which our app's keys come from.
        release_hour_seconds: how long the hours are that keys are released in.
    """

    keys_table: str
    used_codes_table: str
    tracing_key_arn: str
    upload_code_key_arn: str
    health_authority_id: str
    verification_key_arn: str
    verification_issuer: str
    verification_audience: str
    other_health_authorities: Json[tuple[HealthAuthority, ...]] = ()
    publish_rules: Json[PublishRules] = PublishRules()
    region: str = Field(pattern=r"^[A-Z]{2}$")
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)

    @property
    def own_health_authority(self) -> HealthAuthority:
        """The one whose certificates and upload codes are made here."""
        return HealthAuthority(
            id=self.health_authority_id,
            issuer=self.verification_issuer,
            audience=self.verification_audience,
            signing_key_arn=self.verification_key_arn,
            region=self.region,
            takes_upload_codes=True,
        )
