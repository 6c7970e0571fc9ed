"""What the counting of tests is told by its environment."""

from zoneinfo import ZoneInfo

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        results_table: name of the results table.
        counted_table: name of the table that says which test was counted where.
        counts_table: name of the table of counts.
        dead_letters_url: URL of the queue for messages that no retry can help.
        time_zone: whose calendar days of sampling are of (IANA name).
        kept_days: how long it is remembered where a test was counted, from when it last was: longer
            than results live.
    """

    results_table: str
    counted_table: str
    counts_table: str
    dead_letters_url: str
    time_zone: ZoneInfo
    kept_days: int = Field(default=460, ge=60)
