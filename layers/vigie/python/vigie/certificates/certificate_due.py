"""Certificates that wait for their day: one reminder each, found by day and shard.

A recovery waits for the day that it may be issued on, and a certificate whose use outlives its
expiry for the day that it is renewed on. A reminder is an item of the certificates table without
a certificate in it. Its partition in the index `due` is a day and one of 16 shards, so that a
day's many positive results do not meet in one partition. Days are of the issuer's calendar.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Literal

from vigie.model import Frozen

DUE_INDEX = "due"
# The names of the two reminders that a source may have, one at a time.
RECOVERY_DUE, RENEWAL_DUE = "due#recovery", "due#renewal"

_SHARDS = 16


class RecoveryDue(Frozen):
    """The message that the day of a result's recovery certificate has come.

    Attributes:
        result_id: the result that detected the agent.
    """

    type: Literal["RecoveryDue"] = "RecoveryDue"
    result_id: str


class RenewalDue(Frozen):
    """The message that a certificate expires before its use ends, and is to be renewed.

    Attributes:
        source_id: the record that it was made from.
    """

    type: Literal["RenewalDue"] = "RenewalDue"
    source_id: str


def message(reminder: str, source_id: str) -> RecoveryDue | RenewalDue:
    """What is sent on the day of a reminder.

    Args:
        reminder: its name.
        source_id: whose it is.
    """
    if reminder == RENEWAL_DUE:
        return RenewalDue(source_id=source_id)
    return RecoveryDue(result_id=source_id)


def due_on(day: date, source_id: str) -> str:
    """The partition of a reminder, such as `2026-12-04#07`."""
    shard = hashlib.sha256(source_id.encode()).digest()[0] % _SHARDS
    return _partition(day, shard)


def partitions(day: date) -> Iterator[str]:
    """Every partition of a day."""
    return (_partition(day, shard) for shard in range(_SHARDS))


def _partition(day: date, shard: int) -> str:
    return f"{day.isoformat()}#{shard:02}"
