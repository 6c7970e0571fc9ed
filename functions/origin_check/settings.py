"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        origin_secret_arn: the secret whose value CloudFront sends in `x-origin-verify`.
    """

    origin_secret_arn: str
