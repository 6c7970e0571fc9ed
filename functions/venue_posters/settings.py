"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        public_key_parameter: name of the parameter that holds the public key of venues' codes.
        venue_link: what a code is put behind to open the tracing app with it.
    """

    public_key_parameter: str
    venue_link: str
