"""When a key may leave: the hour that it is released in, and the shards of that hour.

A key that is no longer used is released in the hour that it arrives in. One that is still
used is released in the hour that holds the time one hour after its end, so that nobody can
pose as the phone with it. An export takes an hour only once it is over and settled.

Source: `exposure_model.go` of the Exposure Notification key server, the rule of `created_at`.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from vigie.tracing.diagnosis_key import DiagnosisKey

HOUR = timedelta(hours=1)
# How long a released key is kept: phones compare with the contacts of their last 14 days.
RETENTION = timedelta(days=14)
SHARDS = 16

_LABEL = "%Y-%m-%dT%HZ"


def release_hour(key: DiagnosisKey, now: datetime) -> datetime:
    """The start (UTC) of the hour that a key which arrives at `now` is released in."""
    return start_of_hour(key.expires_at + HOUR if key.expires_at > now else now)


def start_of_hour(moment: datetime) -> datetime:
    """The start, in UTC, of the hour that an aware time is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def deleted_from(hour: datetime) -> datetime:
    """When the keys that were released in an hour stop being given out and are deleted."""
    return hour + RETENTION


def shard_of(key_data: bytes, hour: datetime) -> str:
    """The partition of a released key, such as `2026-11-24T06Z#07`.

    The shard of the hour is a hash, so that whoever chooses key bytes does not choose
    where they are written.
    """
    return _shard(hour, hashlib.sha256(key_data).digest()[0] % SHARDS)


def shards(hour: datetime) -> Iterator[str]:
    """Every partition of an hour (UTC)."""
    return (_shard(hour, number) for number in range(SHARDS))


def _shard(hour: datetime, number: int) -> str:
    return f"{hour.strftime(_LABEL)}#{number:02}"
