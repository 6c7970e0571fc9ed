"""Interval numbers: how the Exposure Notification system counts time.

Source: Exposure Notification Cryptography Specification v1.2, "ENIntervalNumber".
"""

from datetime import UTC, datetime, timedelta

INTERVAL = timedelta(minutes=10)
_SECONDS = int(INTERVAL.total_seconds())


def interval_number(moment: datetime) -> int:
    """The number of the interval of 600 s that an aware time is in, from the Unix epoch."""
    return int(moment.timestamp()) // _SECONDS


def interval_start(number: int) -> datetime:
    """When an interval begins, in UTC."""
    return datetime.fromtimestamp(number * _SECONDS, UTC)
