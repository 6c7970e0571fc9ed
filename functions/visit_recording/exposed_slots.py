"""In which slots a visit exposed others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.venues.slot import slot_of

if TYPE_CHECKING:
    from vigie.venues.location_part import Location
    from vigie.venues.venue_rules import ExposureRule
    from vigie.venues.visit_to_count import Scan


def exposed_slots(scan: Scan, location: Location, rule: ExposureRule) -> range:
    """The slots around a scan that a rule names, of the period that the code is for.

    Args:
        scan: when.
        location: what the code says.
        rule: for the venue.
    """
    around = rule.slots(backward=scan.is_backward, staff=location.staff)
    # Clocks differ a little: who scanned before the period was there in its first slot.
    first = slot_of(location.period_start_seconds)
    scanned = max(slot_of(scan.scanned_at), first)
    end = scanned + around + 1
    if location.period_end_seconds is not None:
        last = slot_of(location.period_end_seconds)
        scanned, end = min(scanned, last - 1), min(end, last)
    return range(max(first, scanned - around), end)
