"""The settings of this function."""

from zoneinfo import ZoneInfo

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        results_table: name of the results table.
        vaccinations_table: name of the vaccinations table.
        grants_table: name of the grants table.
        codes_table: name of the table of 2D-DOC.
        identity_key_arn: KMS key of identities.
        certificates_key_arn: KMS key that seals documents.
        signing_key_arn: KMS key of type ECC_NIST_P256 that signs them.
        signer_parameter: name of the parameter with its certificate (`InstalledSigner`).
        value_sets_bucket: name of the bucket of value sets.
        issuer_country: ISO 3166-1 alpha-2, in each document.
        issuer_time_zone: in whose time a document tells when a sample was taken.
    """

    results_table: str
    vaccinations_table: str
    grants_table: str
    codes_table: str
    identity_key_arn: str
    certificates_key_arn: str
    signing_key_arn: str
    signer_parameter: str
    value_sets_bucket: str
    issuer_country: str = Field(pattern=r"^[A-Z]{2}$")
    issuer_time_zone: ZoneInfo
