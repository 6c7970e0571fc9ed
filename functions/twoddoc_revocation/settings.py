"""What the revocation of 2D-DOC is told by its environment."""

from zoneinfo import ZoneInfo

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        results_table: name of the results table.
        vaccinations_table: name of the vaccinations table.
        codes_table: name of the table of 2D-DOC.
        lists_bucket: name of the bucket of verifiers' lists.
        dead_letters_url: URL of the dead-letter queue.
        identity_key_arn: KMS key of identities.
        value_sets_bucket: name of the bucket of value sets.
        issuer_time_zone: in whose time a document tells when a sample was taken.
    """

    results_table: str
    vaccinations_table: str
    codes_table: str
    lists_bucket: str
    dead_letters_url: str
    identity_key_arn: str
    value_sets_bucket: str
    issuer_time_zone: ZoneInfo
