"""What a laboratory sent on one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from pydantic import AwareDatetime

from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from vigie.inbox.file_record import FileRecord

Key = TypeVar("Key", str, int)


class LaboratoryDay(Frozen):
    """The files that arrived on a day of the country's calendar, in a few numbers.

    Attributes:
        day: the day.
        files: how many arrived.
        unreadable: how many of them could not be read at all.
        items: how many items they held, trials left out; of files that are answered.
        rejected: how many of these were rejected.
        hours: hours of the day, from 0 to 23, in which a file arrived, in order.
        last_at: when the last file arrived.
        refusals: number of rejected items by the code of the rule, of the rules that refused
            most in each file.
        delays: number of newly accepted tests by the bucket of their delay, from sampling to
            report (`vigie.inbox.delays`).
    """

    schema_version: int = 1
    day: date
    files: int
    unreadable: int
    items: int
    rejected: int
    hours: tuple[int, ...]
    last_at: AwareDatetime
    refusals: Mapping[str, int] = {}
    delays: Mapping[int, int] = {}


def days_of(records: Iterable[FileRecord], zone: ZoneInfo) -> Iterator[LaboratoryDay]:
    """The days of a laboratory on which files arrived.

    Args:
        records: of its files, in the order of their arrival.
        zone: whose calendar counts.
    """
    for day, files in groupby(records, lambda one: one.file.received_at.astimezone(zone).date()):
        yield _day(day, list(files), zone)


def _day(day: date, records: list[FileRecord], zone: ZoneInfo) -> LaboratoryDay:
    summaries = [record.summary for record in records if record.summary is not None]
    arrivals = [record.file.received_at.astimezone(zone) for record in records]
    return LaboratoryDay(
        day=day,
        files=len(records),
        unreadable=sum(bool(summary.unreadable) for summary in summaries),
        items=sum(summary.items for summary in summaries),
        rejected=sum(summary.rejected for summary in summaries),
        hours=tuple(sorted({arrival.hour for arrival in arrivals})),
        last_at=max(arrivals),
        refusals=added(summary.refusals for summary in summaries),
        delays=added(summary.delays for summary in summaries),
    )


def added(counts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    """The sum of counts, the greatest first."""
    total: Counter[Key] = Counter()
    for each in counts:
        total.update(each)
    return dict(total.most_common())
