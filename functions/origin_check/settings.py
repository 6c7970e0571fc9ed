"""The settings of this function."""

from typing import Annotated

from pydantic import BeforeValidator

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        origin_secret_arns: the secrets, one of whose values CloudFront sends in
            `x-origin-verify`; in the environment with spaces between them.
    """

    origin_secret_arns: Annotated[tuple[str, ...], BeforeValidator(str.split)]
