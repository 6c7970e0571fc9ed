"""Which visits of a report will be counted.

Source: the report service of Cléa's server, and its defaults.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.venues.location_part import read
from vigie.venues.ntp import ntp_seconds
from vigie.venues.slot import RETENTION
from vigie.venues.venue_code import code_bytes, code_text
from vigie.venues.visit_to_count import Scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from visit_reports.report_request import ReportRequest, SentVisit

# Who scans a place twice in so many seconds was there once.
_SAME_VISIT_SECONDS = 1800
# How far a phone's clock may be ahead.
_CLOCK_DRIFT = timedelta(minutes=5)


class SelectedVisit(Scan):
    """A visit that will be counted.

    Attributes:
        place: the temporary id of the venue, 16 bytes.
        qr_code: base64url of its code, without padding.
        earlier: the scans of the same place before it that will be counted.
    """

    place: bytes
    qr_code: str
    earlier: tuple[Scan, ...] = ()


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
            taken.append(visit.model_copy(update={"earlier": _earlier(taken, visit)}))
    return tuple(taken)


def _earlier(taken: Sequence[SelectedVisit], visit: SelectedVisit) -> tuple[Scan, ...]:
    return tuple(
        Scan(scanned_at=one.scanned_at, is_backward=one.is_backward)
        for one in taken
        if one.place == visit.place
    )


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
