"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        exposures_table: name of the exposures table.
        counted_visits_table: name of the table of messages that were counted.
        venue_key_arn: HMAC key of KMS that the private keys of venues' codes follow from.
        venue_key_versions: those that codes are opened with, apart by spaces, the newest first.
        dead_letters_url: URL of the dead-letter queue.
    """

    exposures_table: str
    counted_visits_table: str
    venue_key_arn: str
    venue_key_versions: str
    dead_letters_url: str
