"""When a key may leave: the hour that it is released in, and the shards of that hour.

A key that is no longer used is released in the hour that it arrives in. One that is still
used is released in the hour that holds the time one hour after its end, so that nobody can
pose as the phone with it. An export takes an hour only once it is over and settled.

Each hour has sections: keys that were collected here, keys from abroad, and revisions of either.

Source: `exposure_model.go` of the Exposure Notification key server, the rule of `created_at`.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from vigie.tracing.diagnosis_key import DiagnosisKey

# The length of what is called an hour here; a system that is only tried out has shorter ones.
HOUR = timedelta(hours=1)
# How long a released key is kept: phones compare with the contacts of their last 14 days.
RETENTION = timedelta(days=14)
SHARDS = 16


class Section(StrEnum):
    """Which keys of an hour, by the word in their partitions."""

    HOME = ""
    ABROAD = "abroad"
    REVISED = "revised"


_LABEL = "%Y-%m-%dT%HZ"
_LABEL_WITHIN_HOUR = "%Y-%m-%dT%H:%M:%SZ"


def release_hour(key: DiagnosisKey, now: datetime, length: timedelta = HOUR) -> datetime:
    """The start (UTC) of the hour that a key which arrives at `now` is released in."""
    return start_of_hour(key.expires_at + length if key.expires_at > now else now, length)


def revision_hour(released: datetime, now: datetime, length: timedelta = HOUR) -> datetime:
    """The start (UTC) of the hour that a revision of a key leaves in: never before the key.

    Args:
        released: the start of the hour that the key is released in.
        now: when it is revised.
        length: of an hour.
    """
    return max(released, start_of_hour(now, length))


def start_of_hour(moment: datetime, length: timedelta = HOUR) -> datetime:
    """The start, in UTC, of the hour that an aware time is in."""
    seconds = int(length.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def hours_between(start: datetime, end: datetime, length: timedelta = HOUR) -> Iterator[datetime]:
    """The start of each hour from one time to another, which is not in it."""
    hour = start_of_hour(start, length)
    while hour < end:
        yield hour
        hour += length


def deleted_from(hour: datetime) -> datetime:
    """When the keys that were released in an hour stop being given out and are deleted."""
    return hour + RETENTION


def shard_of(key_data: bytes, hour: datetime, section: Section = Section.HOME) -> str:
    """The partition of a released key, such as `2026-11-24T06Z#07` or `2026-11-24T06Z#abroad#07`.

    The shard of the hour is a hash, so that whoever chooses key bytes does not choose
    where they are written.
    """
    return _shard(hour, section, hashlib.sha256(key_data).digest()[0] % SHARDS)


def shards(hour: datetime, section: Section = Section.HOME) -> Iterator[str]:
    """Every partition of a section of an hour (UTC)."""
    return (_shard(hour, section, number) for number in range(SHARDS))


def _shard(hour: datetime, section: Section, number: int) -> str:
    label = _LABEL_WITHIN_HOUR if hour.minute or hour.second else _LABEL
    within = f"{section}#{number:02}" if section else f"{number:02}"
    return f"{hour.strftime(label)}#{within}"
