"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        results_table: name of the results table.
        vaccinations_table: name of the vaccinations table.
        certificates_table: name of the certificates table.
        grants_table: name of the grants table.
        identity_key_arn: KMS key of identities.
        certificates_key_arn: KMS key of stored certificates.
        upload_key_arn: HMAC key of KMS that the ids of upload codes derive from.
        upload_code_key_arn: KMS key of type ECC_NIST_P256 that signs upload codes.
        app_link: what an upload code is put behind to open the tracing app with it.
    """

    results_table: str
    vaccinations_table: str
    certificates_table: str
    grants_table: str
    identity_key_arn: str
    certificates_key_arn: str
    upload_key_arn: str
    upload_code_key_arn: str
    app_link: str
