"""What the recording of revocations is told by its environment."""

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        certificates_table: name of the certificates table.
        revocations_table: name of the revocations table.
        dead_letters_url: URL of the dead-letter queue.
    """

    certificates_table: str
    revocations_table: str
    dead_letters_url: str
