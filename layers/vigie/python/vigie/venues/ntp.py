"""Time as Cléa counts it: seconds since 1900, of which 32 bits stand in a QR code.

Source: RFC 5905 section 6. 32 bits end on 2036-02-07, so that codes of after that are refused
until there is a version of Cléa that holds them; everywhere else a time has all its bits.
"""

from datetime import UTC, datetime

SECONDS_BEFORE_1970 = 2_208_988_800
HOUR_SECONDS = 3600
# The last second that 32 bits hold.
LATEST = 2**32 - 1


def ntp_seconds(moment: datetime) -> int:
    """Whole seconds since 1900 of an aware time."""
    return int(moment.timestamp()) + SECONDS_BEFORE_1970


def from_ntp(seconds: int) -> datetime:
    """The time, in UTC, of 0 to 2**32 - 1 seconds since 1900."""
    return datetime.fromtimestamp(seconds - SECONDS_BEFORE_1970, UTC)
