"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        analytics_table: name of the table of sums.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
    """

    analytics_table: str
    tracing_key_arn: str
