"""Counting a visit where it exposed others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.venues.ntp import from_ntp
from vigie.venues.venue_rules import Venue, in_force
from visit_recording.exposed_slots import exposed_slots
from visit_recording.log_codes import LogCode
from visit_recording.visit_opening import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vigie.venues.venue_keys import VenueKey
    from vigie.venues.venue_rules import VenueRules
    from vigie.venues.visit_to_count import VisitToCount
    from visit_recording.exposure_store import ExposureStore


@dataclass(frozen=True, slots=True)
class VisitRecording:
    """Opens visits and counts them.

    Attributes:
        keys: that codes are opened with, the newest first.
        rules: every release.
        store: the counters.
        now: the time, aware.
        tell: told the code of each end, and the reason where a visit is left out.
    """

    keys: Sequence[VenueKey]
    rules: tuple[VenueRules, ...]
    store: ExposureStore
    now: Callable[[], datetime]
    tell: Callable[[LogCode, str], None]

    def record(self, visit: VisitToCount) -> None:
        """Count a visit; again changes nothing.

        A visit whose code is wrong is left out and not put aside: anybody can make such a code,
        and a dead letter would keep what the person was promised to be forgotten.

        Raises:
            Unavailable: KMS or a table did not answer.
        """
        try:
            part, location = opened(visit, self.keys, self.now())
        except Rejected as wrong:
            self.tell(LogCode.VISIT_DISCARDED, wrong.code)
            return
        venue = Venue(
            type=location.venue_type, category1=location.category1, category2=location.category2
        )
        rule = in_force(self.rules, from_ntp(visit.scanned_at).date()).exposure_of(venue)
        # However often somebody scans, they are one person in each slot.
        counted = {slot for scan in visit.earlier for slot in exposed_slots(scan, location, rule)}
        slots = [slot for slot in exposed_slots(visit, location, rule) if slot not in counted]
        is_new = self.store.count(visit, part.id.hex(), venue, slots)
        self.tell(LogCode.VISIT_COUNTED if is_new else LogCode.VISIT_KNOWN, "")
