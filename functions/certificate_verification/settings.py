"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        lists_bucket: name of the bucket of published lists.
    """

    lists_bucket: str
