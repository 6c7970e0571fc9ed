"""Opening the code of a visit, and whether it can have been scanned when the phone says.

Source: the venue consumer of Cléa's server, and its defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.venues import location_part
from vigie.venues.ntp import ntp_seconds
from vigie.venues.slot import RETENTION
from vigie.venues.venue_code import code_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vigie.venues.location_part import Location, LocationPart
    from vigie.venues.venue_keys import VenueKey
    from vigie.venues.visit_to_count import VisitToCount

# How far apart the clocks of a phone and of a venue may be, in seconds: five minutes each.
_DRIFT_SECONDS = 600


def opened(
    visit: VisitToCount, keys: Sequence[VenueKey], now: datetime
) -> tuple[LocationPart, Location]:
    """The code of a visit, once it is genuine.

    Args:
        visit: as it was reported.
        keys: tried one after the other.
        now: aware.

    Raises:
        Rejected: `visit-too-old`, `visit-not-base64`, a rule of `location_part`,
            `visit-not-genuine`, `visit-drifts` or `visit-out-of-period`.
        Unavailable: KMS did not give a key.
    """
    if visit.scanned_at < ntp_seconds(now - RETENTION):
        raise Rejected("visit-too-old", "it was scanned more than 14 days ago")
    content = code_bytes(visit.qr_code)
    if content is None:
        raise Rejected("visit-not-base64", "its code is not base64")
    part = location_part.read(content)
    location = _decrypted(part, keys)
    if not location_part.is_genuine(part, location):
        raise Rejected("visit-not-genuine", "its id does not follow from its key")
    _refuse_drift(visit.scanned_at, location)
    return part, location


def _decrypted(part: LocationPart, keys: Sequence[VenueKey]) -> Location:
    *others, last = keys
    for key in others:
        try:
            return location_part.decrypt(part, key.private_key())
        except Rejected:
            continue
    return location_part.decrypt(part, last.private_key())


def _refuse_drift(scanned_at: int, location: Location) -> None:
    renewal, end = location.renewal_seconds, location.period_end_seconds
    if renewal is not None and abs(scanned_at - location.code_start) >= renewal + _DRIFT_SECONDS:
        raise Rejected("visit-drifts", "its code was not shown then")
    if scanned_at < location.period_start_seconds - _DRIFT_SECONDS:
        raise Rejected("visit-out-of-period", "its period had not begun")
    if end is not None and scanned_at >= end + _DRIFT_SECONDS:
        raise Rejected("visit-out-of-period", "its period was over")
