"""What the answers about revocations are told by their environment."""

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        revocations_table: name of the revocations table.
        revocation_bucket: name of the bucket of batches and slices.
    """

    revocations_table: str
    revocation_bucket: str
