"""Reading on in the certificates table until there is enough to release."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from vigie.certificates.certificate_scan import PAGE
from vigie.certificates.reissue_job import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vigie.certificates.certificate_scan import CertificateScan, Page
    from vigie.certificates.reissue_job import Criteria


class Harvest(NamedTuple):
    """What a run has read.

    Attributes:
        records: whose certificates match, each once.
        positions: from where the next run reads on, in the order of the segments.
        read: items; those of a page that gave more than was asked for are read again.
    """

    records: list[str]
    positions: tuple[Position, ...]
    read: int


class Harvester:
    """Reads the segments in turn, a page each.

    Args:
        scan: of the certificates table.
        most_pages: that a run reads at most.
        side_by_side: how many pages are read at once.
    """

    def __init__(self, scan: CertificateScan, most_pages: int, side_by_side: int) -> None:
        self._scan = scan
        self._most_pages = most_pages
        self._side_by_side = side_by_side

    def harvest(
        self,
        criteria: Criteria,
        positions: Sequence[Position],
        number: int,
        now: datetime,
        has_time: Callable[[], bool],
    ) -> Harvest:
        """Read until there are so many records, or no more, or no time.

        Args:
            criteria: which certificates.
            positions: of all segments, in their order.
            number: of records at most.
            now: aware.
            has_time: asked before each reading.

        Raises:
            Unavailable: the table did not answer.
        """
        held = list(positions)
        turns = deque(one.segment for one in held if not one.ended)
        records: dict[str, None] = {}
        read, pages = 0, self._most_pages
        with ThreadPoolExecutor(self._side_by_side) as pool:
            while turns and pages > 0 and len(records) < number and has_time():
                wanted = ceil((number - len(records)) / PAGE)
                most = min(len(turns), pages, self._side_by_side, wanted)
                wave = [turns.popleft() for _ in range(most)]
                found = pool.map(
                    lambda segment: self._scan.page(criteria, held[segment], len(held), now), wave
                )
                for segment, page in zip(wave, list(found), strict=True):
                    held[segment] = _taken(page, held[segment], records, number)
                    read += page.read
                    if not held[segment].ended:
                        turns.append(segment)
                pages -= most
        return Harvest(list(records), tuple(held), read)


def _taken(page: Page, position: Position, records: dict[str, None], number: int) -> Position:
    """Take the records of a page while there is room; where to read on."""
    last = position.after
    for found in page.found:
        if len(records) == number and found.record not in records:
            return position.model_copy(update={"after": last})
        records[found.record] = None
        last = (found.record, found.certificate)
    return Position(
        segment=position.segment, after=page.after or position.after, ended=page.after is None
    )
