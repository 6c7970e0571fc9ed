"""Recovery certificates that wait for their day: one reminder each, found by day and shard.

A reminder is an item of the certificates table without a certificate in it. Its
partition in the index `due` is a day and one of 16 shards, so that a day's many
positive results do not meet in one partition. Days are of the issuer's calendar.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Literal

from vigie.model import Frozen

DUE_INDEX = "due"
DUE_NAME = "due#recovery"

_SHARDS = 16


class RecoveryDue(Frozen):
    """The message that the day of a result's recovery certificate has come.

    Attributes:
        result_id: the result that detected the agent.
    """

    type: Literal["RecoveryDue"] = "RecoveryDue"
    result_id: str


def due_on(day: date, result_id: str) -> str:
    """The partition of a reminder, such as `2026-12-04#07`."""
    shard = hashlib.sha256(result_id.encode()).digest()[0] % _SHARDS
    return _partition(day, shard)


def partitions(day: date) -> Iterator[str]:
    """Every partition of a day."""
    return (_partition(day, shard) for shard in range(_SHARDS))


def _partition(day: date, shard: int) -> str:
    return f"{day.isoformat()}#{shard:02}"
