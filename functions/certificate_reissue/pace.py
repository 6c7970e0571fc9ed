"""How much a run may release, and when each message of it is to be taken."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from vigie.certificates.reissue_due import MOST_RECORDS

if TYPE_CHECKING:
    from datetime import datetime

# A run releases what the rate allows until the next one, and never before what it released last.
PERIOD = timedelta(minutes=1)
_MOST_WAITING = 2 * PERIOD
# Amazon SQS keeps a message back no longer.
_LONGEST_DELAY_SECONDS = 900


def allowance(rate: int, paced_until: datetime | None, now: datetime, waiting: int) -> int:
    """How many certificates a run may release.

    Nothing where the rate has no room for a minute, so that a run that comes twice changes no
    rate; and never more than makes two minutes of work with what waits already.

    Args:
        rate: certificates a second.
        paced_until: when the rate has room again; None if it always had.
        now: aware.
        waiting: messages that nobody is done with, each taken for a full one.
    """
    if paced_until is not None and paced_until - now >= PERIOD:
        return 0
    room = int(_MOST_WAITING.total_seconds()) * rate - waiting * MOST_RECORDS
    return max(0, min(int(PERIOD.total_seconds()) * rate, room))


def delay_seconds(place: int, rate: int, start: datetime, now: datetime) -> int:
    """How long the queue keeps a message back.

    Args:
        place: of its first certificate among those of the run, from 0.
        rate: certificates a second.
        start: when the first one may be signed.
        now: when it is sent.
    """
    wait = (start - now).total_seconds() + place / rate
    return min(max(0, int(wait)), _LONGEST_DELAY_SECONDS)


def paced_until(start: datetime, number: int, rate: int) -> datetime:
    """When the rate has room again after so many certificates."""
    return start + timedelta(milliseconds=ceil(1000 * number / rate))
