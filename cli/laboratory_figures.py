"""What a laboratory sent on its last days, in the figures that an operator asks for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.inbox import days_of
from vigie.inbox.delays import median_hours, share_within
from vigie.inbox.laboratory_day import added

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from vigie.inbox import FileStore, LaboratoryDay

# Laboratories are to report within a day of sampling.
BOUND_HOURS = 24
MOST_REFUSALS = 5


class LaboratoryFigures(NamedTuple):
    """The days of a laboratory.

    Attributes:
        since: the first day that was asked for.
        days: those on which files arrived, in order.
        last_seen: when the last file arrived, however long ago; None if none did.
    """

    since: date
    days: tuple[LaboratoryDay, ...]
    last_seen: datetime | None

    @property
    def files(self) -> int:
        """How many files arrived."""
        return sum(day.files for day in self.days)

    @property
    def unreadable(self) -> int:
        """How many of them could not be read at all."""
        return sum(day.unreadable for day in self.days)

    @property
    def items(self) -> int:
        """How many items they held, trials left out."""
        return sum(day.items for day in self.days)

    @property
    def rejected(self) -> int:
        """How many of these were rejected."""
        return sum(day.rejected for day in self.days)

    @property
    def rejection_rate(self) -> float | None:
        """The share of items that were rejected; None without an item."""
        return self.rejected / self.items if self.items else None

    @property
    def refusals(self) -> Mapping[str, int]:
        """The rules that refused most, with the number of items."""
        return dict(islice(added(day.refusals for day in self.days).items(), MOST_REFUSALS))

    @property
    def median_delay_hours(self) -> float | None:
        """The median from sampling to report; None if no report has a time."""
        return median_hours(self._delays)

    @property
    def within_bound(self) -> float | None:
        """The share of tests reported within 24 hours of sampling; None if none has a time."""
        return share_within(self._delays, BOUND_HOURS)

    @property
    def _delays(self) -> Mapping[int, int]:
        return added(day.delays for day in self.days)

    def as_json(self) -> dict[str, Any]:
        """For programs; shares are from 0 to 1."""
        return {
            "since": self.since.isoformat(),
            "last_seen": None if self.last_seen is None else self.last_seen.isoformat(),
            "files": self.files,
            "unreadable": self.unreadable,
            "items": self.items,
            "rejected": self.rejected,
            "rejection_rate": _rounded(self.rejection_rate, 4),
            "refusals": dict(self.refusals),
            "median_delay_hours": _rounded(self.median_delay_hours, 1),
            "reported_within_24_hours": _rounded(self.within_bound, 4),
            "days": [
                day.model_dump(
                    mode="json", include={"day", "files", "unreadable", "items", "rejected"}
                )
                for day in self.days
            ],
        }


def figures_of(
    files: FileStore, laboratory: str, *, days: int, now: datetime, zone: ZoneInfo
) -> LaboratoryFigures:
    """The figures of a laboratory's last days, today included; trials are left out.

    Args:
        files: the files table.
        laboratory: FINESS.
        days: how many.
        now: the present, aware.
        zone: whose calendar counts.

    Raises:
        Rejected: a file was recorded by a newer version of the system.
        Unavailable: the table did not answer.
    """
    since = now.astimezone(zone).date() - timedelta(days=days - 1)
    arrived = files.arrived_since(laboratory, datetime.combine(since, time(), zone))
    records = [record for record in arrived if not record.file.trial]
    newest = files.history(laboratory, limit=1).files
    return LaboratoryFigures(
        since=since,
        days=tuple(days_of(records, zone)),
        last_seen=newest[0].file.received_at.astimezone(UTC) if newest else None,
    )


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)
