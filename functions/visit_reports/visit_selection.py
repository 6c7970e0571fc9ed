"""Which visits of a report will be counted.

Source: the report service of Cléa's server, and its defaults.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.venues.location_part import read
from vigie.venues.ntp import ntp_seconds
from vigie.venues.slot import RETENTION
from vigie.venues.venue_code import code_bytes, code_text

if TYPE_CHECKING:
    from datetime import datetime

    from visit_reports.report_request import ReportRequest, SentVisit

# Who scans a place twice in so many seconds was there once.
_SAME_VISIT_SECONDS = 1800
# How far a phone's clock may be ahead.
_CLOCK_DRIFT = timedelta(minutes=5)


class SelectedVisit(Frozen):
    """A visit that will be counted.

    Attributes:
        place: the temporary id of the venue, 16 bytes.
        qr_code: base64url of its code, without padding.
        scanned_at: NTP seconds.
        is_backward: whether it was before the pivot date.
    """

    place: bytes
    qr_code: str
    scanned_at: int
    is_backward: bool


def selected(request: ReportRequest, now: datetime) -> tuple[SelectedVisit, ...]:
    """The visits that can be counted, by place and time.

    A visit is left out if its code cannot be read, if it is older than 14 days or of the future,
    and if it is of the same place less than half an hour after one that is taken.
    """
    pivot = _pivot(request.pivot_date, now)
    taken: list[SelectedVisit] = []
    for visit in sorted(
        (read_one for sent in request.visits if (read_one := _read(sent, pivot, now))),
        key=lambda one: (one.place, one.scanned_at, one.qr_code),
    ):
        if not (taken and _is_same(taken[-1], visit)):
            taken.append(visit)
    return tuple(taken)


def _pivot(stated: int, now: datetime) -> int:
    """The pivot date, or the limit of the last 14 days that it is beyond."""
    return min(max(stated, ntp_seconds(now - RETENTION)), ntp_seconds(now))


def _read(sent: SentVisit, pivot: int, now: datetime) -> SelectedVisit | None:
    latest = ntp_seconds(now + _CLOCK_DRIFT)
    if not ntp_seconds(now - RETENTION) <= sent.scanned_at <= latest:
        return None
    content = code_bytes(sent.qr_code)
    if content is None:
        return None
    try:
        part = read(content)
    except Rejected:
        return None
    return SelectedVisit(
        place=part.id,
        qr_code=code_text(content),
        scanned_at=sent.scanned_at,
        is_backward=sent.scanned_at < pivot,
    )


def _is_same(taken: SelectedVisit, visit: SelectedVisit) -> bool:
    return taken.place == visit.place and visit.scanned_at - taken.scanned_at < _SAME_VISIT_SECONDS
