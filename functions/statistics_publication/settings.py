"""What the publication of the numbers is told by its environment."""

from zoneinfo import ZoneInfo

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        counts_table: name of the table of counts.
        open_data_bucket: name of the bucket that the public reads, below `data/`.
        time_zone: whose calendar the date of publication is of (IANA name).
    """

    counts_table: str
    open_data_bucket: str
    time_zone: ZoneInfo
