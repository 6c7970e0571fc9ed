"""The settings of this function."""

from vigie.dcc.correction_level import CorrectionLevel
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
        value_sets_bucket: name of the bucket of value sets.
        qr_correction: level of error correction of QR codes.
        apple_wallet_parameter: name of the parameter of who signs passes for Apple's wallet;
            None where the environment gives none.
        google_wallet_parameter: the same for Google's.
    """

    results_table: str
    vaccinations_table: str
    certificates_table: str
    grants_table: str
    identity_key_arn: str
    certificates_key_arn: str
    value_sets_bucket: str
    qr_correction: CorrectionLevel
    apple_wallet_parameter: str | None = None
    google_wallet_parameter: str | None = None
