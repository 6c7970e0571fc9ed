"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        lists_bucket: name of the bucket of published lists.
        revocation_bucket: name of the bucket of published revocations.
        value_sets_bucket: name of the bucket of value sets.
    """

    lists_bucket: str
    revocation_bucket: str
    value_sets_bucket: str
